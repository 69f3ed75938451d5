import { expect, test } from 'vitest'
import { benchOptions } from './options.ts'

test('without options: three sizes, five pairs, one and two threads', () => {
  expect(benchOptions([])).toEqual({ lines: [10_000, 1_000_000, 5_000_000], pairs: 5, threads: [1, 2], seed: 1, json: null })
})

test('takes lists of sizes and threads', () => {
  const options = benchOptions(['--lines', '10,20', '--threads', '4', '--pairs', '3', '--json', 'out.json'])
  expect(options).toMatchObject({ lines: [10, 20], threads: [4], pairs: 3, json: 'out.json' })
})

test('asks for nothing when help is wanted', () => {
  expect(benchOptions(['--help'])).toBeNull()
})

test.each([[['--lines', '10,x']], [['--pairs', '0']], [['--threads', '1.5']], [['--unknown']]])('refuses %j', (args) => {
  expect(() => benchOptions(args)).toThrow()
})
