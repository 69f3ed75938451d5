import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { generateLog } from '@logpipe/loggen'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, serveDashboard, startBrowser } from './dashboard.ts'
import { HOSTILE, hostileLog } from './hostile.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const PAGES = ['/', '/runs', '/runs/latest', '/runs/latest/anomalies?all=true', '/runs/latest/anomalies/1', '/runs/latest/activity', '/model']
const log = (seed: number, lines: number): string => Buffer.concat([...generateLog({ seed, lines, start: '2026-01-05T00:00:00Z', days: 2 })]).toString()

interface Watched {
  readonly page: Page
  /** What must not happen: dialogs, violations of the policy, errors of scripts. */
  readonly bad: string[]
}

let served: Served
let browser: Browser
let context: BrowserContext

async function watched(): Promise<Watched> {
  const page = await context.newPage()
  const bad: string[] = []
  page.on('dialog', (dialog) => {
    bad.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', ({ message }) => bad.push(`error: ${message}`))
  page.on('console', (message) => void (/Content Security Policy|Refused to/.test(message.text()) && bad.push(message.text())))
  page.on('request', (request) => void (new URL(request.url()).origin !== served.origin && bad.push(`asked ${request.url()}`)))
  return { page, bad }
}

const open = async ({ page }: Watched, path: string): Promise<void> => {
  await page.goto(served.origin + path)
  await page.locator('h1').waitFor()
  await page.getByText('Loading …').waitFor({ state: 'detached' })
}

beforeAll(async () => {
  browser = await startBrowser()
  served = await serveDashboard()
  expect(await served.ended(await served.drop('hosts/web-1/auth.log', log(7, 5000)))).toBe('succeeded')
  context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(served.dashboard) // signs in
  await page.getByRole('heading', { name: 'hosts/web-1/auth.log' }).waitFor()
  expect(page.url()).toBe(`${served.origin}/`) // the key is out of sight
  await page.close()
})
afterAll(async () => {
  await browser?.close()
  await served?.stop()
})

describe('without the key', () => {
  test('only the sign-in is shown, and the key lets one in', async () => {
    const strange = await browser.newContext()
    const page = await strange.newPage()
    await page.goto(`${served.origin}/runs`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByLabel('Key').fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Sign in first').waitFor()
    await page.getByLabel('Key').fill(served.key)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    await strange.close()
  })
})

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each(PAGES)('axe finds nothing on %s', async (path) => {
    const tab = await watched()
    await tab.page.emulateMedia({ colorScheme })
    await open(tab, path)
    await tab.page.locator('details').evaluateAll((all) => all.forEach((element) => element.setAttribute('open', '')))
    // By the inspector, as an extension would: the page's own policy lets no foreign script in.
    const session = await context.newCDPSession(tab.page)
    await session.send('Runtime.evaluate', { expression: (await import('node:fs')).readFileSync(AXE, 'utf8') })
    const { result } = await session.send('Runtime.evaluate', { expression: 'axe.run().then(({ violations }) => JSON.stringify(violations.map(({ id, nodes }) => [id, nodes[0].html])))', awaitPromise: true, returnByValue: true })
    expect(JSON.parse(result.value as string)).toEqual([])
    expect(tab.bad).toEqual([])
    await tab.page.close()
  })
})

test.each(PAGES)('%s fits a phone', async (path) => {
  const tab = await watched()
  await tab.page.setViewportSize({ width: 360, height: 780 })
  await open(tab, path)
  expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await tab.page.close()
})

test('by keyboard alone: to a finding, its evidence, and back', async () => {
  const tab = await watched()
  const { page } = tab
  await open(tab, '/')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content')
  await page.getByRole('link', { name: 'Anomalies' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /suspicious$/ }).waitFor()
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  await page.locator('.anomalies a').first().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Evidence' }).waitFor()
  expect(await page.locator('.lines li').count()).toBeGreaterThan(0)
  expect(await page.getByRole('link', { name: /^ATT&CK technique T\d+/ }).first().getAttribute('href')).toMatch(/^https:\/\/attack\.mitre\.org\/techniques\/T/)
  await page.goBack()
  await page.getByRole('heading', { name: /suspicious$/ }).waitFor()
  expect(tab.bad).toEqual([])
  await page.close()
})

test('a run is followed live, from its start in the form to its files; then run again', async () => {
  const tab = await watched()
  const { page } = tab
  await open(tab, '/runs')
  await page.getByText('Start a run').first().click()
  await page.getByLabel(/^Log file/).setInputFiles({ name: 'live.log', mimeType: 'text/plain', buffer: Buffer.from(log(9, 20_000)) })
  await page.getByRole('button', { name: 'Start a run' }).click()
  await page.getByRole('heading', { name: /^live-log-/ }).waitFor()
  await page.locator('.stages .badge.running').first().waitFor() // seen while it runs
  await page.locator('.head .badge.succeeded').waitFor({ timeout: 60_000 })
  await page.getByText('All', { exact: false }).filter({ hasText: 'checks held' }).first().waitFor()
  await page.locator('.step', { hasText: 'gold' }).locator('summary').click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'detections.csv' }).click()])
  expect(download.suggestedFilename()).toBe('detections.csv')
  await page.getByLabel('from').selectOption('ml')
  await page.getByRole('button', { name: 'Rerun' }).click()
  await page.getByRole('heading', { name: /-r2$/ }).waitFor()
  await page.locator('.head .badge.succeeded').waitFor({ timeout: 60_000 })
  expect(await page.locator('.stages .badge.reused').count()).toBe(3)
  expect(tab.bad).toEqual([])
  await page.close()
})

test('a finding is dismissed with a reason, and that is taken back', async () => {
  const tab = await watched()
  const { page } = tab
  await open(tab, '/runs/latest/anomalies/1')
  await page.getByText('Dismiss or allow').click()
  await page.getByLabel('Reason').fill('our own scanner')
  await page.getByLabel('Your name').fill('Ada')
  await page.getByRole('button', { name: 'Say so' }).click()
  await page.getByText('our own scanner').waitFor()
  await page.getByRole('button', { name: 'Take back' }).click()
  await page.getByText('our own scanner').waitFor({ state: 'detached' })
  await page.close()
})

test('lines are scored', async () => {
  const tab = await watched()
  await open(tab, '/model')
  await tab.page.getByRole('button', { name: 'Score' }).click()
  await tab.page.getByText('login_failed').waitFor()
  await tab.page.close()
})

describe('an attacker writes the lines', () => {
  test('their text is shown and does nothing, on every page', async () => {
    const runId = await served.drop('hostile.log', hostileLog())
    expect(await served.ended(runId)).toBe('succeeded')
    const answer = await fetch(new URL(`/api/runs/${runId}/anomalies?all=true&limit=1000`, served.origin), { headers: { 'x-api-key': served.key } })
    const { data } = (await answer.json()) as { data: { anomalies: { number: number; entity: string }[] } }
    expect(data.anomalies.length).toBeGreaterThan(0)
    const tab = await watched()
    let text = ''
    for (const path of [...PAGES, `/runs/${runId}/activity`, ...data.anomalies.map(({ number }) => `/runs/${runId}/anomalies/${number}`)]) {
      await open(tab, path)
      text += await tab.page.locator('main').innerText()
      expect(await tab.page.locator('main :is(script, img, iframe, object, style, base)').count()).toBe(0)
    }
    expect(tab.bad).toEqual([])
    expect(await tab.page.evaluate(() => 'logpipeOwned' in window)).toBe(false)
    expect(HOSTILE.filter((name) => name.startsWith('<') && !text.includes(name))).toEqual([])
    expect(text).toContain('\\x1b[31mred')
    expect(text).not.toMatch(/[\u0000-\u0008\u001b\u202e\u2066]/)
    await tab.page.close()
  })
})

test('all scripts and styles are small', async () => {
  const sizes: number[] = []
  const tab = await watched()
  tab.page.on('response', (response) => {
    if (/\/assets\/.*\.(ts|css)$/.test(response.url())) void response.body().then((body) => sizes.push(gzipSync(body).byteLength))
  })
  await open(tab, '/')
  expect(sizes.length).toBeGreaterThan(10)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000)
  await tab.page.close()
})
