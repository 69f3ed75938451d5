import { describe, expect, test } from 'vitest'
import { parseConfig, sourceSettings } from './config.ts'

const storage = { LOGPIPE_STORAGE: 'UseDevelopmentStorage=true' }

describe('config', () => {
  test('the environment lies over the file, the file over the defaults', () => {
    const config = parseConfig({ engine: 'duckdb', duckdb: { threads: 8 } }, { ...storage, LOGPIPE_THREADS: '4' })
    expect(config.duckdb).toEqual({ threads: 4, memoryLimit: '300MB', workDir: '.logpipe/work' })
  })

  test('all faults are said at once, each with path and what was there', () => {
    const parse = () => parseConfig({ target: 'moon', duckdb: { threads: 0 }, typo: 1, sources: [{ prefix: 'a', timezone: 'Mars/Base' }] }, storage)
    for (const part of ['target', '"moon"', 'duckdb.threads', 'typo', 'sources.0.timezone', '"Mars/Base"']) expect(parse).toThrow(part)
  })

  test('a secret is named only as a value', () => {
    const parse = () => parseConfig({ storage: { connection: 5551234 } }, {})
    expect(parse).toThrow('storage.connection')
    expect(parse).not.toThrow('5551234')
  })

  test('a number that is none stays visible in the fault', () => {
    expect(() => parseConfig({}, { ...storage, LOGPIPE_THREADS: 'many' })).toThrow('"many"')
  })

  test('the longest prefix wins', () => {
    const config = parseConfig({ sources: [{ prefix: '', timezone: 'UTC' }, { prefix: 'eu/', timezone: 'Europe/Berlin' }] }, storage)
    expect(sourceSettings(config, 'eu/sshd.log').timezone).toBe('Europe/Berlin')
    expect(sourceSettings(config, 'us/sshd.log').timezone).toBe('UTC')
  })
})
