import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { app, type InvocationContext } from '@azure/functions'
import { effect } from '../effect.ts'

interface Metadata {
  name: unknown
  blobTrigger: string
  uri: string
  properties: { etag: string; eTag: string; contentLength: number; lastModified: string }
  metadata: Record<string, string>
}

const seen = async (blob: unknown, context: InvocationContext): Promise<void> => {
  const { name, blobTrigger, uri, properties, metadata } = context.triggerMetadata as unknown as Metadata
  if (String(name).startsWith('bad')) {
    effect(`tried ${blobTrigger}`)
    if (!existsSync(`${process.env['EFFECTS']}-mended`)) throw new Error('cannot read it')
  }
  if (name === 'slow.log') {
    effect('slow begins')
    if (process.env['RELEASE'] === undefined) await delay(60_000, undefined, { ref: false })
  }
  if (String(name).startsWith('busy')) {
    effect('busy begins')
    await delay(50)
    effect('busy ends')
  }
  const known = { path: blobTrigger, name, size: properties.contentLength, body: (blob as Buffer).length, uri: uri.endsWith(blobTrigger), metadata }
  const times = { etag: properties.etag === properties.eTag && properties.etag !== '', modified: !Number.isNaN(Date.parse(properties.lastModified)) }
  effect(`blob ${JSON.stringify({ ...known, ...times })}`)
}

app.storageBlob('dropped', { path: 'bronze/{name}', connection: 'AzureWebJobsStorage', source: 'EventGrid', handler: seen })
app.storageBlob('logs', { path: 'inbox/{day}/{name}.log', connection: 'AzureWebJobsStorage', handler: (_, context) => effect(`log ${JSON.stringify(context.triggerMetadata?.['day'])} ${String(context.triggerMetadata?.['name'])}`) })
