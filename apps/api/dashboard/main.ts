import { ApiError, call } from './api.ts'
import { h, tell } from './dom.ts'
import type { Page, View, Visit } from './page.ts'
import { fault, loading } from './parts.ts'
import { activity } from './views/activity.ts'
import { anomalies } from './views/anomalies.ts'
import { anomaly } from './views/anomaly.ts'
import { model } from './views/model.ts'
import { overview } from './views/overview.ts'
import { run } from './views/run.ts'
import { runs } from './views/runs.ts'
import { signIn } from './views/sign-in.ts'

const RUN = '([a-z0-9-]+)'
const PAGES: readonly (readonly [RegExp, View])[] = [
  [/^\/$/, overview],
  [/^\/runs$/, runs],
  [new RegExp(`^/runs/${RUN}$`), run],
  [new RegExp(`^/runs/${RUN}/anomalies$`), anomalies],
  [new RegExp(`^/runs/${RUN}/anomalies/(\\d+)$`), anomaly],
  [new RegExp(`^/runs/${RUN}/activity$`), activity],
  [/^\/model$/, model],
]
const NAV = [['/', 'Overview'], ['/runs', 'Runs'], ['/runs/latest/anomalies', 'Anomalies'], ['/runs/latest/activity', 'Activity'], ['/model', 'Model']] as const

const main = document.getElementById('main')!
const nav = document.getElementById('nav')!
let leave: (() => void) | undefined
let control = false
let visits = 0

function showNav(path: string): void {
  const section = NAV.find(([href]) => href !== '/' && href !== '/runs' && path.includes(`/${href.split('/').at(-1)}`)) ?? NAV.find(([href]) => href === `/${path.split('/')[1]}`)
  const links = NAV.map(([href, label]) => h('a', { href, 'aria-current': href === path ? 'page' : href === section?.[0] ? 'true' : null }, label))
  nav.replaceChildren(...links, h('button', { type: 'button', class: 'quiet', onclick: () => void call('/api/session', 'DELETE').then(() => location.reload()) }, 'Sign out'))
}

function show({ title, content, leave: ends }: Page, focus: boolean): void {
  document.title = title === '' ? 'logpipe' : `${title} · logpipe`
  main.replaceChildren(...content)
  leave = ends
  if (focus) main.focus({ preventScroll: true })
}

/** Shows the page of an address. A visit that was overtaken by another shows nothing. */
async function visit(focus: boolean): Promise<void> {
  const mine = (visits += 1)
  leave?.()
  leave = undefined
  const { pathname: path, search } = location
  showNav(path)
  if (focus) {
    window.scrollTo(0, 0)
    main.replaceChildren(loading())
  }
  const [match, view] = PAGES.map(([pattern, found]) => [pattern.exec(path), found] as const).find(([found]) => found !== null) ?? []
  const given: Visit = { path, query: new URLSearchParams(search), control, go }
  try {
    const page = match && view ? await view(given, ...match.slice(1)) : { title: 'No such page', content: [h('h1', {}, 'No such page'), h('p', {}, h('a', { href: '/' }, 'To the overview'))] }
    if (mine === visits) show(page, focus)
    else page.leave?.()
  } catch (error) {
    if (mine !== visits) return
    if (error instanceof ApiError && error.fault.code === 'SIGN_IN_NEEDED') return start()
    if (!(error instanceof ApiError)) throw error
    const empty = error.fault.code === 'NOTHING_PUBLISHED'
    const retry = setInterval(() => void visit(false), 3000) // it recovers by itself
    show({ title: error.fault.message, content: [h('h1', {}, empty ? 'Nothing is published yet' : 'This cannot be shown'), fault(error.fault)], leave: () => clearInterval(retry) }, focus)
  }
}

function go(href: string): void {
  history.pushState(null, '', href)
  void visit(true)
}

/** The key comes once, behind the # of the printed address, where no server and no log sees it; it is given for a cookie and forgotten. */
async function start(): Promise<void> {
  const key = new URLSearchParams(location.hash.slice(1)).get('key')
  if (key !== null) {
    history.replaceState(null, '', location.pathname + location.search)
    await call('/api/session', 'POST', { key }).catch((error: unknown) => tell(String(error)))
  }
  const session = await call<{ control: boolean }>('/api/session').catch((error: unknown) => error)
  if (session instanceof ApiError) {
    nav.replaceChildren()
    return show(session.fault.code === 'SIGN_IN_NEEDED' ? signIn(start) : { title: 'Not reachable', content: [h('h1', {}, 'Not reachable'), fault(session.fault)] }, false)
  }
  control = (session as { control: boolean }).control
  return visit(false)
}

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (link === null || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
  if (link.origin !== location.origin || link.target !== '' || link.hasAttribute('download') || link.getAttribute('href')?.startsWith('#') === true) return
  event.preventDefault()
  go(link.pathname + link.search)
})
window.addEventListener('popstate', () => void visit(true))
void start()
