import { cp, mkdtemp, rm, writeFile, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LogpipeError } from '@logpipe/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { defaultDefinitionDir, loadDefinition } from './index.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'logpipe-definition-'))
  await cp(defaultDefinitionDir(), dir, { recursive: true })
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const change = async (path: string, edit: (text: string) => string): Promise<void> =>
  writeFile(join(dir, path), edit(await readFile(join(dir, path), 'utf8').catch(() => '')))

const faults = async (): Promise<string[]> => {
  const error: unknown = await loadDefinition(dir).then(() => undefined, (reason: unknown) => reason)
  if (!(error instanceof LogpipeError)) throw new Error('the definition was accepted')
  expect(error.code).toBe('CATALOGUE_NOT_VALID')
  return String(error.fields.detail).split('\n')
}

describe('the definition of the workspace', () => {
  test('has its layers in order and everything they name', async () => {
    const definition = await loadDefinition()
    expect(definition.layers.map((layer) => layer.name)).toEqual(['bronze', 'silver', 'gold', 'ml'])
    expect(definition.detections.map((detection) => detection.id)).toContain('brute_force')
    expect(definition.sql.get('detections.sql')).toContain('UNION ALL')
    expect(definition.prelude.get('duckdb')).toContain('MACRO')
    expect(definition.settings.warmup_entities).toBe(20)
    expect(definition.quality.maxQuarantinedShare?.action).toBe('fail')
    expect(definition.catalogue.messages.length).toBeGreaterThan(0)
  })

  test('has the same hash wherever it lies', async () => {
    expect((await loadDefinition(dir)).hash).toBe((await loadDefinition()).hash)
  })

  test('has another hash once any file says something else', async () => {
    const before = (await loadDefinition(dir)).hash
    await change('detections/spraying.yaml', (text) => `${text}# a note\n`)
    expect((await loadDefinition(dir)).hash).not.toBe(before)
  })
})

describe('faults', () => {
  test('are told all at once, each with its file', async () => {
    await change('pipeline.yaml', (text) => text.replace('sql: features.sql', 'sql: fetures.sql').replace('inputs: [lines]', 'inputs: [line]'))
    await change('detections/spraying.yaml', (text) => text.replace('T1110.003', 'spraying'))
    await change('schemas/events.yaml', (text) => text.replace('type: TIMESTAMP', 'type: DATETIME'))
    await change('events.yaml', () => 'version: 1\nmessages: 7\n')
    const found = await faults()
    for (const part of [
      /^pipeline\.yaml: view features: there is no layers\/fetures\.sql/,
      /^layers\/features\.sql: nothing in pipeline\.yaml reads it/,
      /^pipeline\.yaml: layer silver: no layer before it makes line$/,
      /^detections\/spraying\.yaml: technique: /,
      /^schemas\/events\.yaml: columns\.1\.type: /,
      /^events\.yaml: .*messages/,
    ]) expect(found).toContainEqual(expect.stringMatching(part))
  })

  test('a detection whose file has another name', async () => {
    await change('detections/spraying.yaml', (text) => text.replace('id: spraying', 'id: spray'))
    expect(await faults()).toEqual(['detections/spraying.yaml: its id is spray; file and id have the same name'])
  })

  test('YAML that cannot be read', async () => {
    await change('pipeline.yaml', (text) => `${text}\nname: again\n`)
    expect(await faults()).toEqual([expect.stringMatching(/^pipeline\.yaml: Map keys must be unique/)])
  })

  test('an output that is written twice', async () => {
    await change('pipeline.yaml', (text) => text.replace('path: activity_by_hour.csv', 'path: activity_by_user.csv'))
    expect(await faults()).toEqual(['pipeline.yaml: output activity_by_hour: gold/activity_by_user.csv is written twice'])
  })

  test('a folder that is not there', async () => {
    await rm(dir, { recursive: true })
    expect(await faults()).toEqual([`${dir}: the folder cannot be read`])
  })
})
