import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connectBlobService } from '@logpipe/storage'
import { describe, expect, test } from 'vitest'
import { leftovers, useHome } from './logpipe.ts'

const home = useHome()
const line = (minute: number, message: string): string => `Jan  5 10:${String(minute).padStart(2, '0')}:00 web-1 sshd[7]: ${message}\n`
const LOG = Array.from({ length: 12 }, (_, i) => line(i, 'Failed password for invalid user oracle from 192.0.2.7 port 50022 ssh2')).join('') + line(12, 'Accepted publickey for deploy from 198.51.100.4 port 1000 ssh2: RSA SHA256:x')

async function file(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(home.dir, name)
  await writeFile(path, text)
  return path
}

interface Envelope {
  ok: boolean
  data?: { status: string; summary: Record<string, number>; runId: string }
  error?: { code: string; fix: string }
}
const envelope = (stdout: string): Envelope => JSON.parse(stdout) as Envelope

describe('logpipe run', () => {
  test('prints one envelope and copies the outputs', async () => {
    const { code, stdout } = await home.logpipe('run', await file('web.log', LOG), '--json', '--out', 'answers')
    expect(envelope(stdout)).toMatchObject({ ok: true, data: { status: 'succeeded', summary: { lines: 13, parsed: 13, quarantined: 0, failedLogins: 12, acceptedLogins: 1, flagged: 1 } } })
    expect(code).toBe(0)
    const out = (path: string) => readFile(join(home.dir, 'answers', path), 'utf8')
    expect((await out('silver/events.json')).trim().split('\n')).toHaveLength(13)
    expect(await out('gold/activity_by_address.csv')).toContain('192.0.2.7')
    for (const path of ['bronze/lines.parquet', 'silver/quarantine.json', 'ml/anomalies.json', 'ml/model.json', 'report.json']) expect(typeof (await out(path))).toBe('string')
  })

  test('the summary names the suspicious address and why, and nothing else goes to stdout', async () => {
    const { code, stdout, stderr } = await home.logpipe('run', await file('web.log', LOG))
    expect(code).toBe(0)
    expect(stdout).toMatch(/same content as run web-log-/) // of the test before
    expect(stdout).toMatch(/13 lines = 13 parsed \+ 0 quarantined/)
    expect(stdout).toMatch(/192\.0\.2\.7 .*12 failed logins/)
    expect(stdout).not.toContain('Bronze')
    expect(stderr).toMatch(/Bronze .*13 lines/)
  })

  test('what an attacker writes as user name cannot steer the terminal', async () => {
    const hostile = LOG.replaceAll('oracle', '\u001b[2J\u001b]0;owned\u0007\u202e')
    const { stdout } = await home.logpipe('run', await file('hostile.log', hostile))
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  })

  test('without a file a generated log is run', async () => {
    const { code, stdout } = await home.logpipe('run', '--json')
    expect(code).toBe(0)
    expect(envelope(stdout).data?.summary['flagged']).toBeGreaterThan(0)
  })

  test('two copies at once do not collide', async () => {
    const path = await file('both.log', LOG)
    const both = await Promise.all([home.logpipe('run', path, '--json'), home.logpipe('run', path, '--json')])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    for (const { stdout } of both) expect(['succeeded', 'duplicate']).toContain(envelope(stdout).data?.status)
  })
})

describe('bad input is a coded error with its mend, and leaves nothing running', () => {
  test.each([
    ['a missing file', ['run', 'nowhere.log'], 2, 'FILE_NOT_FOUND'],
    ['a folder', ['run', '.'], 2, 'FILE_IS_DIRECTORY'],
    ['an unknown option', ['run', '--fast'], 2, 'USAGE'],
    ['an unknown command', ['fly'], 2, 'USAGE'],
    ['an unknown run', ['runs', 'show', 'no-such-run'], 2, 'RUN_NOT_FOUND'],
    ['a run id that is a path', ['runs', 'show', '../latest/x'], 2, 'RUN_NOT_FOUND'],
    ['a blob name upwards', ['upload', 'web.log', '--name', '../x'], 2, 'BLOB_NAME_REFUSED'],
  ])('%s', async (_case, words, code, error) => {
    await file('web.log', LOG)
    const ended = await home.logpipe(...words, '--json')
    expect(envelope(ended.stdout)).toMatchObject({ ok: false, error: { code: error } })
    expect(envelope(ended.stdout).error?.fix).not.toBe('')
    expect(ended.code).toBe(code)
    expect(await leftovers(home.dir)).toEqual([])
  })

  test('a binary fails its run, with exit code 1 and no stack trace', async () => {
    const path = await file('program.bin', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256)))
    const { code, stdout, stderr } = await home.logpipe('run', path)
    expect(code).toBe(1)
    expect(stderr).toContain('NOT_A_LOG')
    expect(stdout + stderr).not.toMatch(/ at .*\.ts:\d+/)
  })

  test('an output folder that is a file', async () => {
    await file('taken', 'x')
    const { code, stdout } = await home.logpipe('run', await file('web.log', LOG), '--json', '--out', 'taken')
    expect(envelope(stdout)).toMatchObject({ ok: false, error: { code: 'OUTPUT_DIR_FAILED' } })
    expect(code).toBe(3)
  })

  test('a port that another program has', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((ready) => other.once('listening', ready))
    const { port } = other.address() as { port: number }
    for (const option of ['--port', '--storage-port', '--api-port']) {
      const { code, stdout } = await home.logpipe('dev', option, String(port), '--json')
      expect(envelope(stdout)).toMatchObject({ ok: false, error: { code: 'PORT_TAKEN' } })
      expect(code).toBe(3)
    }
    other.close()
    expect(await leftovers(home.dir)).toEqual([])
  })
})

test('upload, then the next start runs it, then list and show tell of it', async () => {
  const uploaded = envelope((await home.logpipe('upload', await file('later.log', LOG.replaceAll('192.0.2.7', '192.0.2.8')), '--json')).stdout) as unknown as { data: { runId: string; etag: string } }
  expect(uploaded.data.etag).toMatch(/^0x/)
  const { child, ended } = home.start(['dev', '--json'])
  await new Promise((up) => child.stdout?.once('data', up))
  await home.logpipe('runs', 'watch', uploaded.data.runId)
  const shown = envelope((await home.logpipe('runs', 'show', uploaded.data.runId, '--json')).stdout)
  expect(shown.data).toMatchObject({ status: 'succeeded', runId: uploaded.data.runId })
  expect((await home.logpipe('runs', 'list')).stdout).toContain(uploaded.data.runId)
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
})

test('when its host is killed, dev says so, ends what is left of it, and can be started again', async () => {
  for (let times = 0; times < 2; times += 1) {
    const { child, ended } = home.start(['dev', '--json'])
    await new Promise((up) => child.stdout?.once('data', up))
    const host = (await leftovers(home.dir, 0)).find((command) => command.includes('local-host'))
    process.kill(Number.parseInt(host ?? '', 10), 'SIGKILL')
    const { code, stdout } = await ended
    expect(JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1))).toMatchObject({ ok: false, error: { code: 'TARGET_ENDED', cause: 'functions host: SIGKILL.' } })
    expect(code).toBe(3)
    expect(await leftovers(home.dir)).toEqual([])
  }
})

test('on a new home any client that has the connection string may drop a log', async () => {
  const { child, ended } = home.start(['dev', '--json'], { LOGPIPE_HOME: join(home.dir, 'fresh') })
  const said = await new Promise<string>((up) => child.stdout?.once('data', (chunk: Buffer) => up(chunk.toString())))
  const { data } = JSON.parse(said) as { data: { storage: string } }
  const client = await connectBlobService(data.storage)
  await client.getContainerClient('bronze').uploadBlockBlob('team/web.log', LOG, LOG.length)
  const listed = () => home.start(['runs', 'list'], { LOGPIPE_HOME: join(home.dir, 'fresh') }).ended
  await expect.poll(async () => (await listed()).stdout, { timeout: 25_000 }).toMatch(/succeeded .*team\/web\.log/)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(130)
})

test('with --serve it stays up with the dashboard, whose address signs in, until Ctrl-C', async () => {
  const { child, ended } = home.start(['run', await file('served.log', LOG + LOG), '--serve', '--json'])
  const address = await new Promise<string>((told) => child.stderr?.on('data', (chunk: Buffer) => void (/(http:\S+#key=\S+)/.exec(chunk.toString())?.[1] && told(/(http:\S+)/.exec(chunk.toString())![1]!))))
  const { origin, hash } = new URL(address)
  const signedIn = await fetch(`${origin}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key: hash.slice('#key='.length) }) })
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await (await fetch(`${origin}/api/session`, { headers: { cookie } })).json()).toEqual({ ok: true, data: { signedIn: true, control: true } })
  expect(await (await fetch(`${origin}/api/runs/latest`, { headers: { cookie } })).json()).toMatchObject({ data: { record: { source: { name: 'served.log' }, status: 'succeeded' }, published: true } })
  expect((await (await fetch(`${origin}/`)).text())).toContain('/assets/main.ts')
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect(code).toBe(130)
  expect(envelope(stdout)).toMatchObject({ ok: true, data: { status: 'succeeded' } })
  expect(await leftovers(home.dir)).toEqual([])
})

describe('Ctrl-C', () => {
  test.each([0, 400, 900, 2000])('%i ms after the start leaves no process and a state that works', async (ms) => {
    const path = await file('stopped.log', LOG)
    const { child, ended } = home.start(['run', path])
    await delay(ms)
    child.kill('SIGINT')
    child.kill('SIGINT') // npm and the bootstrap pass it on as well
    expect([0, 130, null]).toContain((await ended).code)
    expect(await leftovers(home.dir)).toEqual([])
  })

  test('SIGKILL leaves no process either, and the next run works', async () => {
    await mkdir(join(home.dir, 'home'), { recursive: true })
    const { child, ended } = home.start(['run', await file('killed.log', LOG)])
    await delay(1500)
    child.kill('SIGKILL')
    await ended
    expect(await leftovers(home.dir, 15_000)).toEqual([])
    expect((await home.logpipe('run', await file('after.log', LOG), '--json')).code).toBe(0)
  })
})

describe('control', () => {
  const data = async (...words: string[]) => envelope((await home.logpipe(...words, '--json')).stdout).data as unknown as { runId: string; stages: { name: string; status: string }[] }
  const status = (report: { stages: { name: string; status: string }[] }, stage: string) => report.stages.find(({ name }) => name === stage)?.status

  test('a run in part, the rest of it, one stage alone, and the whole again', async () => {
    const path = await file('parts.log', LOG)
    const half = await data('run', path, '--until', 'silver')
    expect([status(half, 'silver'), status(half, 'gold')]).toEqual(['succeeded', 'skipped'])
    const nothing = await home.logpipe('run', path, '--only', 'gold', '--json')
    expect(envelope(nothing.stdout).error?.code).toBe('NOTHING_PUBLISHED')
    const rest = await data('runs', 'retry', half.runId)
    expect([status(rest, 'silver'), status(rest, 'publish')]).toEqual(['reused', 'succeeded'])
    const only = await data('run', path, '--only', 'gold')
    expect([status(only, 'silver'), status(only, 'gold'), status(only, 'ml')]).toEqual(['reused', 'succeeded', 'skipped'])
    const whole = await home.logpipe('runs', 'rerun', half.runId)
    expect(whole.stdout).toMatch(/192\.0\.2\.7 .*12 failed logins/)
    expect((await home.logpipe('runs', 'show', rest.runId)).stdout).toContain(`rerun     of ${half.runId} from gold`)
  })

  test('a failed run is listed with its reason and the way on; an ended one cannot be cancelled', async () => {
    const bad = await file('program.bin', new Uint8Array(20_000).map((_, i) => (i * 7919) % 256))
    expect((await home.logpipe('run', bad)).code).toBe(1)
    const { stdout } = await home.logpipe('runs', 'failed')
    expect(stdout).toMatch(/NOT_A_LOG: .*\n {2}retry: npx logpipe runs retry program-bin-/)
    const runId = /runs retry (\S+)/.exec(stdout)?.[1] ?? ''
    const cancelled = await home.logpipe('runs', 'cancel', runId, '--json')
    expect([cancelled.code, envelope(cancelled.stdout).error?.code]).toEqual([2, 'RUN_ENDED'])
  })
})
