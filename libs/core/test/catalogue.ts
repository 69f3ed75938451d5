import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { compileCatalogue } from '../src/catalogue/index.ts'

/** The catalogue that the pipeline uses. */
export const openssh = compileCatalogue(parse(readFileSync(new URL('../../../pipelines/openssh/events.yaml', import.meta.url), 'utf8')))
