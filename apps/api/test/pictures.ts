import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { generateLog } from '@logpipe/loggen'
import { serveDashboard, startBrowser } from './dashboard.ts'

/** Makes the pictures of docs/dashboard.md from a generated log: `node apps/api/test/pictures.ts`. */
const OUT = resolve(import.meta.dirname, '../../../docs/images')
const MOST_BYTES = 150_000
const DESK = { width: 1040, height: 780 }
const PICTURES = [
  { name: 'overview-light', path: '/', colorScheme: 'light', viewport: DESK },
  { name: 'run-light', path: '/runs/latest', colorScheme: 'light', viewport: DESK },
  { name: 'activity-light', path: '/runs/latest/activity', colorScheme: 'light', viewport: DESK },
  { name: 'anomaly-dark', path: '/runs/latest/anomalies/1', colorScheme: 'dark', viewport: DESK },
  { name: 'overview-phone', path: '/', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const

const log = (seed: number, lines: number, days: number): string => Buffer.concat([...generateLog({ seed, lines, start: '2026-01-05T00:00:00Z', days, profile: 'full' })]).toString()

const browser = await startBrowser()
const served = await serveDashboard()
try {
  for (const [name, text] of [['hosts/db-1/auth.log', log(3, 5000, 8)], ['notes.log', 'these are\nno lines\nof sshd\n'], ['hosts/web-1/auth.log', log(7, 20_000, 8)]] as const) await served.ended(await served.drop(name, text))
  for (const { name, path, colorScheme, viewport } of PICTURES) {
    const context = await browser.newContext({ colorScheme, viewport })
    const page = await context.newPage()
    await page.goto(served.dashboard)
    await page.locator('.figures').waitFor()
    await page.goto(served.origin + path)
    await page.locator('h1').waitFor()
    const file = join(OUT, `${name}.png`)
    await page.screenshot({ path: file })
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes, at most ${MOST_BYTES} are wanted`)
    await context.close()
  }
} finally {
  await served.stop()
  await browser.close()
}
