import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { definitionPages } from '../src/docs/index.ts'
import { definition } from './run-layer.ts'

const pages = definitionPages(definition)
const page = (name: string): string => pages.get(name) ?? ''

test.each([...pages.keys()])('docs/%s is what the definition says (else: npm run docs)', async (name) => {
  expect(await readFile(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')).toBe(page(name))
})

test('pages of a catalogue whose sample says something else are refused', () => {
  const [first, ...others] = definition.catalogue.messages
  const messages = [{ ...first!, sample: { ...first!.sample, message: 'Hello' } }, ...others]
  expect(() => definitionPages({ ...definition, catalogue: { ...definition.catalogue, messages } })).toThrow(first!.id)
})

describe('nothing is left out', () => {
  test('every event and message has its place', () => {
    for (const event of definition.catalogue.events.keys()) expect(page('events.md')).toContain(`\n### ${event}\n`)
    const ids = [...page('events.md').matchAll(/\| `([a-z0-9-]+)` \|$/gm)].map(([, id]) => id)
    expect(ids.toSorted()).toEqual(definition.catalogue.messages.map(({ id }) => id).toSorted())
  })

  test('every output has a section with all its columns', () => {
    for (const output of definition.layers.flatMap(({ outputs }) => outputs)) {
      const section = page('schemas.md').split(`\n### ${output.name}\n`)[1]?.split('\n##')[0]
      const columns = [...(section ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
      expect(columns, output.name).toEqual(definition.schemas.get(output.schema)?.columns.map(({ name }) => name))
    }
  })

  test('every detection has a section with its threshold, technique and text', () => {
    for (const { id, parameters, technique, text } of definition.detections) {
      const section = page('detections.md').split(`\n## ${id}\n`)[1]?.split('\n## ')[0]
      for (const part of [`at least ${parameters.threshold} `, `[${technique}]`, text]) expect(section, id).toContain(part)
    }
  })
})

test('a table row is one row, whatever a message holds', () => {
  const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length
  for (const [name, text] of pages) {
    for (const block of text.split('\n\n').filter((part) => part.startsWith('| '))) {
      const [head, ...rows] = block.trimEnd().split('\n')
      for (const row of rows) expect(cells(row), `${name}: ${row}`).toBe(cells(head ?? ''))
    }
  }
})
