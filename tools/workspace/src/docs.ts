import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { errorReference } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { definitionPages } from '@logpipe/definition/docs'
import { readFigures, withFigures } from './reliability.ts'

// `npm run docs`: the pages that are made from code. Tests beside each catalogue hold them equal.
const page = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url))
await writeFile(page('errors.md'), errorReference())
for (const [name, text] of definitionPages(await loadDefinition())) await writeFile(page(name), text)
// Figures stand here only after a suite has run; without any the page stays.
const root = fileURLToPath(new URL('../../..', import.meta.url))
await writeFile(page('reliability.md'), withFigures(await readFile(page('reliability.md'), 'utf8'), readFigures(root)))
