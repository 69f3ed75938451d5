import { beforeAll, expect, test } from 'vitest'
import { asText, evaluate, type Evaluation, shortfalls, tables } from '@logpipe/evaluate'
import { peerOpinions, writeEvaluation } from '../src/peers/index.ts'

// The verdict: on logs whose seeds nobody tuned by, against the real peers.
let evaluation: Evaluation
beforeAll(async () => {
  evaluation = await evaluate({ seeds: 'test', peers: peerOpinions })
  writeEvaluation(evaluation)
  process.stdout.write(`${tables(evaluation).map(asText).join('\n\n')}\n`)
})

test('every peer took part', () => {
  expect(evaluation.judges.map(({ name }) => name)).toEqual(['logpipe', 'score alone', 'ECOD', 'COPOD', 'HBOS', 'IForest', 'fail2ban', 'fail2ban aggressive', 'crowdsec'])
  const finders = evaluation.judges.filter(({ all }) => all.incidents > 0)
  expect(finders.filter(({ all }) => all.found === 0)).toEqual([])
})

test('logpipe is behind no peer, in no class and no total, and ahead wherever the best peer leaves room', () => {
  expect(shortfalls(evaluation)).toEqual([])
})

test('nobody who does no harm is flagged', () => {
  const [own] = evaluation.judges
  expect(own!.all.harmless.filter(({ flagged }) => flagged > 0)).toEqual([])
  expect(own!.all.wrong).toBe(0)
})
