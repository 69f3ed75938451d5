import { mkdirSync, writeFileSync } from 'node:fs'
import { loadDefinition } from '@logpipe/definition'
import type { SilverEvent } from '@logpipe/core/silver'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attribute, type Attribution } from '../src/sshd/attribution.ts'
import { whyNoSshd } from '../src/sshd/requirements.ts'
import { runSuite, type Done, type SuiteRun } from '../src/sshd/run-suite.ts'
import { silverOf, type Silver } from '../src/sshd/silver.ts'
import { STEPS } from '../src/sshd/steps/index.ts'
import { writeLog, type SyslogForm } from '../src/sshd/syslog.ts'

const FORMS: readonly SyslogForm[] = ['rfc3164', 'rfc3339', 'reduced']
const RESULTS = new URL('../.results/', import.meta.url)
const cases = STEPS.flatMap(step => step.on.map(instance => ({ step, instance, title: `${step.name} (${instance})` })))

const reason = whyNoSshd()
describe.skipIf(reason !== null)(`a real sshd${reason === null ? '' : `: ${reason}`}`, () => {
  let run: SuiteRun
  let silver: Record<SyslogForm, Silver>
  let lines: Attribution

  beforeAll(async () => {
    const { catalogue } = await loadDefinition()
    run = await runSuite(STEPS)
    const logs = FORMS.map(form => [form, writeLog(run.datagrams, form)] as const)
    mkdirSync(RESULTS, { recursive: true })
    for (const [form, log] of logs) writeFileSync(new URL(`sshd-${form}.log`, RESULTS), log)
    silver = Object.fromEntries(logs.map(([form, log]) => [form, silverOf(log, catalogue, run.endedAt)])) as Record<SyslogForm, Silver>
    lines = attribute(run.done, silver.rfc3164.events)
  })

  afterAll(() => {
    if (run !== undefined) writeFileSync(new URL('sshd-figures.json', RESULTS), `${JSON.stringify(figures(run, silver), null, 2)}\n`)
  })

  test.each(FORMS)('every line is understood, written as %s', form => {
    const { events, counts } = silver[form]
    expect(events.filter(({ event }) => event === 'unclassified').map(({ message }) => message)).toEqual([])
    expect(counts).toMatchObject({ quarantined: 0, unclassified: 0, blank: 0, parsed: counts.lines })
  })

  test('every line belongs to a step, to a listener or to another program', () => {
    const own = new Set(['listener', 'server_stopped', 'server_restarted', 'startups_dropped', 'other_program'])
    const rest = lines.rest.filter(({ event }) => !own.has(event)).map(({ message }) => message)
    const adrift = run.done.flatMap(({ step, client }) => step.truth(client.instance, run.keys, client).adrift ?? [])
    expect(rest.filter(message => !adrift.some(pattern => pattern.test(message)))).toEqual([])
    for (const pattern of adrift) {
      const expected = adrift.filter(other => other.source === pattern.source).length
      expect(rest.filter(message => pattern.test(message)).length, String(pattern)).toBeGreaterThanOrEqual(expected)
    }
  })

  test('no line names an address that is no client\'s', () => {
    expect(lines.rest.filter(({ address_from }) => address_from === 'line').map(({ message }) => message)).toEqual([])
  })

  test('times are those of the run, also without a year', () => {
    for (const form of FORMS) {
      const { firstTime, lastTime } = silver[form].counts
      expect(Date.parse(firstTime!)).toBeGreaterThanOrEqual(Math.floor(run.startedAt / 1000) * 1000)
      expect(Date.parse(lastTime!)).toBeLessThanOrEqual(run.endedAt)
    }
  })

  test('the form of the header changes nothing but the time', () => {
    const without = ({ events }: Silver): unknown[] => events.map(event => ({ ...event, time: null, year_inferred: null }))
    expect(without(silver.rfc3339)).toEqual(without(silver.rfc3164))
  })

  test('a syslog daemon that sums up repeated messages changes no count', () => {
    expect(silver.reduced.counts.lines).toBeLessThan(silver.rfc3164.counts.lines)
    expect(silver.reduced.counts).toMatchObject({ failed: silver.rfc3164.counts.failed, accepted: silver.rfc3164.counts.accepted })
  })

  test.each(cases)('$title', ({ step, instance }) => {
    const done = run.done.find(one => one.step === step && one.client.instance.name === instance)
    // ::1 may be switched off; everything else has been done.
    if (done === undefined && step.ipv6 === true) return
    expect(done?.error ?? null).toBeNull()
    checkStep(done!, lines.byStep.get(done!)!, run)
  })
})

function checkStep({ step, client }: Done, events: readonly SilverEvent[], { keys }: SuiteRun): void {
  const { tries, said = [] } = step.truth(client.instance, keys, client)
  const heard = events.map(({ message }) => message).join('\n')

  const found = events
    .filter(({ attempt }) => attempt !== null)
    .map(({ attempt, method, user, user_valid, fingerprint, address, port, protocol }) => ({ attempt, method, user, user_valid, fingerprint, address, port, protocol }))
  const expected = tries.map(({ connection = 0, ...one }) => ({
    fingerprint: null,
    ...one,
    address: client.address,
    port: client.ports[connection],
    protocol: 'ssh2',
  }))
  expect(found, heard).toEqual(expected)

  for (const [count, fields] of said) {
    const names = Object.keys(fields) as (keyof SilverEvent)[]
    const fitting = events.filter(event => names.every(name => event[name] === fields[name]))
    expect(fitting.length, `${JSON.stringify(fields)} in\n${heard}`).toBe(count)
  }

  for (const event of events) {
    expect(event.address, event.message).toBe(client.address)
    if (event.port !== null) expect(client.ports, event.message).toContain(event.port)
    if (event.user !== null) expect([...client.users], event.message).toContain(event.user)
    expect(event.repeat).toBe(1)
  }
}

function figures(run: SuiteRun, silver: Record<SyslogForm, Silver>): object {
  const { counts, events } = silver.rfc3164
  const templates = new Set(events.map(({ template_id }) => template_id).filter(id => id !== null))
  return {
    steps: run.done.length,
    connections: run.done.reduce((sum, { client }) => sum + client.ports.length, 0),
    seconds: (run.endedAt - run.startedAt) / 1000,
    sshdLines: counts.lines - counts.otherProgram,
    templates: [...templates].sort(),
    ...counts,
  }
}
