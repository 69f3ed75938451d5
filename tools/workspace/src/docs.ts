import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { errorReference } from '@logpipe/core'
import { loadDefinition } from '@logpipe/definition'
import { definitionPages } from '@logpipe/definition/docs'

// `npm run docs`: the pages that are made from code. Tests beside each catalogue hold them equal.
const page = (name: string): string => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url))
await writeFile(page('errors.md'), errorReference())
for (const [name, text] of definitionPages(await loadDefinition())) await writeFile(page(name), text)
