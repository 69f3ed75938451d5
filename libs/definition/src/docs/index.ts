import type { PipelineDefinition } from '@logpipe/core'
import { detectionsPage } from './detections-page.ts'
import { eventsPage } from './events-page.ts'
import { schemasPage } from './schemas-page.ts'

/** The pages of docs/ that are made from a definition, by file name. */
export const definitionPages = (definition: PipelineDefinition): ReadonlyMap<string, string> =>
  new Map([
    ['events.md', eventsPage(definition.catalogue)],
    ['schemas.md', schemasPage(definition)],
    ['detections.md', detectionsPage(definition)],
  ])
