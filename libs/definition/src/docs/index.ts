import type { PipelineDefinition } from '@logpipe/core'
import { checkSamples } from '@logpipe/core/catalogue'
import { detectionsPage } from './detections-page.ts'
import { eventsPage } from './events-page.ts'
import { schemasPage } from './schemas-page.ts'

/**
 * The pages of docs/ that are made from a definition, by file name. They show the catalogue's samples, so these are checked first.
 * @throws LogpipeError CATALOGUE_NOT_VALID with one line for each sample that its message does not fit.
 */
export function definitionPages(definition: PipelineDefinition): ReadonlyMap<string, string> {
  checkSamples(definition.catalogue)
  return new Map([
    ['events.md', eventsPage(definition.catalogue)],
    ['schemas.md', schemasPage(definition)],
    ['detections.md', detectionsPage(definition)],
  ])
}
