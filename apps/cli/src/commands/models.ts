import { safeText } from '@logpipe/core'
import { compareModels, findVersion, follow, promote, readIndex, readModel, rollback } from '@logpipe/ml'
import { print, printJson, style, tell } from '../output.ts'
import { withTarget } from '../target/with-target.ts'

interface Options {
  readonly json: boolean
}

const count = (n: number): string => n.toLocaleString('en')
const nats = (value: number | null): string => (value === null ? 'none (warm-up)' : `${value.toFixed(2)} nats`)

/** `logpipe models list`. */
export async function listModels({ json }: Options): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const { current, held, versions } = await readIndex(store)
    const listed = versions.map(({ files: _files, ...version }) => version)
    if (json) printJson({ ok: true, data: { current, held, versions: listed } })
    else if (listed.length === 0) print('No model yet: the first run that is published makes one. Start one: npm start -- FILE')
    else {
      for (const { version, createdAt, entities, parts } of listed) {
        print(`${version === current ? '*' : ' '} ${version}  ${createdAt.slice(0, 19).replace('T', ' ')}  ${count(parts)} sources  ${count(entities)} addresses`)
      }
      if (held) print('The current version is held; follow the newest again: npx logpipe models promote latest')
    }
    return 0
  })
}

/** `logpipe models show VERSION`. */
export async function showModel(wanted: string, { json }: Options): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const { files, ...version } = findVersion(await readIndex(store), wanted)
    const { head, values, logins, hours } = await readModel(store, files)
    if (json) printJson({ ok: true, data: { ...version, ...head, files } })
    else {
      const lines = [
        `${style('bold', version.version)}  made ${version.createdAt}`,
        `  addresses  ${count(head.entities)}`,
        `  threshold  ${nats(head.threshold.value)}, of ${count(head.threshold.entities)} scores`,
        `  tables     ${count(values.length)} values, ${count(logins.length)} pairs of user and address, ${count(hours.length)} hours of users`,
        ...head.lineage.map(({ slug, contentKey }) => `  source     ${safeText(slug)}  log ${contentKey.slice(0, 12)}…`),
        ...files.map(({ container, name, bytes, sha256 }) => `  ${container}/${name}  ${count(bytes)} bytes  sha256 ${sha256.slice(0, 12)}…`),
      ]
      print(lines.join('\n'))
    }
    return 0
  })
}

/** `logpipe models compare FIRST SECOND`. */
export async function compareVersions(first: string, second: string, { json }: Options): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const index = await readIndex(store)
    const [one, two] = [findVersion(index, first), findVersion(index, second)]
    const found = compareModels(await readModel(store, one.files), await readModel(store, two.files))
    if (json) printJson({ ok: true, data: { first: one.version, second: two.version, ...found } })
    else {
      const { entities, threshold, sources, drift, logins } = found
      const lines = [
        `${one.version} and ${two.version}`,
        `  addresses  ${count(entities[0])} and ${count(entities[1])}`,
        `  threshold  ${nats(threshold[0])} and ${nats(threshold[1])}`,
        ...sources.onlyFirst.map((slug) => `  only first   ${safeText(slug)}`),
        ...sources.onlySecond.map((slug) => `  only second  ${safeText(slug)}`),
        `  logins     ${count(logins.onlyFirst)} pairs of user and address only in the first, ${count(logins.onlySecond)} only in the second`,
        ...Object.entries(drift).map(([feature, distance]) => `  drift      ${feature.padEnd(20)} ${distance === null ? 'unknown' : distance.toFixed(3)}`),
      ]
      print(lines.join('\n'))
    }
    return 0
  })
}

/** `logpipe models promote VERSION|latest`. */
export async function promoteModel(wanted: string, { json }: Options): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const held = wanted !== 'latest'
    const current = held ? (await promote(store, wanted)).version : await follow(store)
    if (json) printJson({ ok: true, data: { current, held } })
    else print(held ? `Runs start with ${current ?? 'no model'} from now on. Follow the newest again: npx logpipe models promote latest` : `Runs start with the newest version: ${current ?? 'there is none yet'}.`)
    return 0
  })
}

/** `logpipe models rollback`. */
export async function rollbackModel({ json }: Options): Promise<number> {
  return withTarget('storage', tell, async ({ store }) => {
    const { version } = await rollback(store)
    if (json) printJson({ ok: true, data: { current: version, held: true } })
    else print(`Runs start with ${version} from now on. Follow the newest again: npx logpipe models promote latest`)
    return 0
  })
}
