import { Context, Layer, Schema, type PipelineDefinition } from '@logpipe/core'
import { compileCatalogue } from '@logpipe/core/catalogue'

const columns = (text: string): unknown[] =>
  text.split(/,\s+/).map((column) => {
    const [name = '', type = ''] = column.trim().split(' ')
    return { name, type: type.replace('?', ''), nullable: type.endsWith('?'), description: name }
  })

const EVENT_COLUMNS = `line_no BIGINT, time TIMESTAMP, year_inferred BOOLEAN, host VARCHAR?, program VARCHAR?, pid BIGINT?, event VARCHAR, outcome VARCHAR,
  attempt VARCHAR?, user VARCHAR?, user_valid BOOLEAN?, address VARCHAR?, address_raw VARCHAR?, address_from VARCHAR?, user_from VARCHAR?, rhost VARCHAR?,
  port BIGINT?, method VARCHAR?, fingerprint VARCHAR?, protocol VARCHAR?, reason VARCHAR?, session VARCHAR?, repeat BIGINT, template_id VARCHAR?,
  template VARCHAR, message VARCHAR`

const SCHEMAS = {
  lines: 'source VARCHAR, line_no BIGINT, byte_offset BIGINT, byte_length BIGINT, raw VARCHAR, raw_bytes BLOB?, flags VARCHAR, sha256 VARCHAR?',
  events: EVENT_COLUMNS,
  quarantine: 'line_no BIGINT, byte_offset BIGINT, byte_length BIGINT, sha256 VARCHAR, reason VARCHAR, raw VARCHAR',
  known: 'user VARCHAR, tries BIGINT?',
  by_user: 'user VARCHAR, failures BIGINT, last_port BIGINT?',
  tries: 'line_no BIGINT, user VARCHAR?, raw VARCHAR, details JSON',
  tries_table: 'line_no BIGINT, user VARCHAR?',
  summary: 'tries BIGINT, weight DECIMAL(2,1), timezone VARCHAR, nothing VARCHAR?, known BIGINT',
}

const CONTEXT = [{ name: 'known', format: 'jsonl', schema: 'known' }]

const LAYERS = [
  { name: 'bronze', container: 'bronze', outputs: [{ name: 'lines', path: 'lines.parquet', format: 'parquet', schema: 'lines' }] },
  {
    name: 'silver',
    container: 'silver',
    inputs: ['lines'],
    outputs: [
      { name: 'events', path: 'events.json', format: 'jsonl', schema: 'events' },
      { name: 'quarantine', path: 'quarantine.json', format: 'jsonl', schema: 'quarantine' },
    ],
  },
  {
    name: 'gold',
    container: 'gold',
    inputs: ['events'],
    views: [{ name: 'attempts', sql: 'attempts.sql', materialized: true }],
    outputs: [{ name: 'by_user', path: 'by_user.csv', format: 'csv', sql: 'by_user.sql', schema: 'by_user' }],
  },
  {
    name: 'ml',
    container: 'gold',
    inputs: ['events', 'lines', 'known'],
    views: [{ name: 'attempts', sql: 'attempts.sql', materialized: true }],
    outputs: [
      { name: 'tries', path: 'ml/tries.json', format: 'jsonl', sql: 'tries.sql', schema: 'tries' },
      { name: 'tries_table', path: 'ml/tries.parquet', format: 'parquet', sql: 'tries_table.sql', schema: 'tries_table' },
      { name: 'summary', path: 'ml/summary.json', format: 'json', sql: 'summary.sql', schema: 'summary' },
    ],
  },
]

const SQL = {
  'attempts.sql': 'SELECT e.line_no, e.user, e.port, e.repeat AS tries FROM events e WHERE e.attempt IS NOT NULL',
  'by_user.sql': 'SELECT a.user, CAST(sum(a.tries) AS BIGINT) AS failures, max(a.port) AS last_port FROM attempts a GROUP BY a.user ORDER BY a.user',
  'tries.sql': `SELECT a.line_no, a.user, l.raw, concat('{"port":', a.port, '}') AS details FROM attempts a JOIN lines l ON l.line_no = a.line_no ORDER BY a.line_no`,
  'tries_table.sql': 'SELECT t.line_no, t.user FROM tries t ORDER BY t.line_no',
  'summary.sql': `SELECT (SELECT count(*) FROM attempts) AS tries, s.weight, p.timezone, CAST(NULL AS VARCHAR) AS nothing, (SELECT CAST(coalesce(sum(k.tries), 0) AS BIGINT) FROM known k) AS known
    FROM settings s CROSS JOIN params p`,
}

/** A whole pipeline in a screenful: enough for every format and every path of the engine. `sql` replaces single SELECTs. */
export function smallDefinition(sql: Readonly<Record<string, string>> = {}): PipelineDefinition {
  const catalogue = compileCatalogue({
    version: 1,
    messages: [
      {
        id: 'failed',
        template: 'Failed {method} for {user} from {address} port {port} {protocol}',
        event: 'login_failed',
        outcome: 'failure',
        attempt: 'auth_failed',
        versions: '2.1-',
        sample: {
          message: 'Failed password for root from 192.0.2.7 port 50023 ssh2',
          fields: { method: 'password', user: 'root', address: '192.0.2.7', port: 50023, protocol: 'ssh2' },
        },
      },
    ],
  })
  return {
    name: 'small',
    version: 1,
    context: CONTEXT.map((one) => Context.parse(one)),
    layers: LAYERS.map((layer) => Layer.parse(layer)),
    schemas: new Map(Object.entries(SCHEMAS).map(([name, text]) => [name, Schema.parse({ name, version: 1, columns: columns(text) })])),
    sql: new Map(Object.entries({ ...SQL, ...sql })),
    catalogue,
    settings: { weight: 1.5 },
    quality: {},
    detections: [],
    prelude: new Map(),
    hash: 'small',
  }
}
