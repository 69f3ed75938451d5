import type { JobOptions } from './job-specs.ts'

/** Runtimes and machines whose end is known, as Databricks and Azure have announced it. */
const RUNTIMES: Readonly<Record<string, string>> = { '13.3.x': 'left support on 2026-08-22; 16.4.x-scala2.12 and 17.3.x-scala2.13 are its successors' }
const NODE_TYPES: Readonly<Record<string, string>> = { Standard_DS3_v2: 'is being retired by Azure; Standard_D4ds_v5 is its successor' }

export function warningsOf({ sparkVersion, nodeTypes, serverless }: JobOptions): string[] {
  if (serverless) return []
  const runtime = RUNTIMES[sparkVersion.split('-')[0]!]
  return [
    ...(runtime ? [`databricks.sparkVersion ${sparkVersion} ${runtime}`] : []),
    ...nodeTypes.flatMap((name) => (NODE_TYPES[name] ? [`databricks.nodeTypes ${name} ${NODE_TYPES[name]}`] : [])),
    'Clusters end with their job: autotermination_minutes is not set, since a job cluster refuses it',
  ]
}
