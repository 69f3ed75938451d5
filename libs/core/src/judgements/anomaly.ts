import { z } from 'zod'
import { SEVERITIES } from '../detections/detection.ts'
import { ENTITY_KINDS } from './judgement.ts'

/** A row of anomalies.json as its readers need it; its columns are said in schemas/anomalies.yaml. */
export const Anomaly = z.looseObject({
  entity_kind: z.enum(ENTITY_KINDS),
  entity: z.string(),
  host: z.string(),
  window_start: z.string(),
  window_end: z.string(),
  score: z.number().nullable(),
  rank: z.int().nullable(),
  flagged: z.boolean(),
  severity: z.enum(SEVERITIES),
  contributions: z.array(z.object({ feature: z.string(), value: z.number(), tail_probability: z.number(), share: z.number() })),
  detections: z.array(z.looseObject({ id: z.string(), technique: z.string(), severity: z.enum(SEVERITIES), observed: z.number(), threshold: z.number(), first_line: z.int(), last_line: z.int() })),
  agreement: z.string().nullable(),
  judgement: z.object({ kind: z.string(), until: z.string(), reason: z.string(), author: z.string() }).nullable(),
  why: z.string(),
  evidence: z.array(z.object({ line_no: z.int(), raw: z.string() })),
})
export type Anomaly = z.infer<typeof Anomaly>
