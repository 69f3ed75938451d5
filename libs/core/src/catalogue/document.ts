import { z } from 'zod'

/** Silver fields that a hole of a template may name. */
export const HOLE_FIELDS = ['user', 'address', 'rhost', 'port', 'method', 'fingerprint', 'protocol', 'reason', 'session'] as const
export type HoleField = (typeof HOLE_FIELDS)[number]

/** text: anything, also nothing. token: one character or more, no space. int: 1 to 10 digits. */
export const HOLE_TYPES = ['text', 'token', 'int'] as const
export type HoleType = (typeof HOLE_TYPES)[number]

/** Events that the parser gives by itself; no message of the catalogue may claim them. */
export const RESERVED_EVENTS = ['unclassified', 'other_program'] as const

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** Constant fields of a message. */
const Constants = z.strictObject({
  user: z.string().optional(),
  user_valid: z.boolean().optional(),
  method: z.string().min(1).optional(),
  fingerprint: z.string().min(1).optional(),
  protocol: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
  session: z.string().min(1).optional(),
})

export const MessageEntry = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'not kebab-case'),
  template: z.string().min(1),
  event: z.string().regex(/^[a-z][a-z0-9_]*$/, 'not snake_case'),
  outcome: z.enum(['failure', 'success', 'none']),
  /** The outcome where sshd added ` [preauth]`, when that tells more: a connection that ends before a login has failed. */
  preauth: z.literal('failure').optional(),
  attempt: z.enum(['auth_failed', 'auth_accepted']).nullable().default(null),
  set: Constants.default({}),
  versions: z.string().min(1),
  sample: z.strictObject({
    message: z.string().min(1),
    fields: z.record(z.string(), Scalar).default({}),
  }),
})

/** The shape of events.yaml once YAML is read. Entries are checked one by one, so that all their faults are reported. */
export const CatalogueDocument = z.strictObject({
  version: z.int().min(1),
  /** What each event name means; when given, each message's event must stand here. */
  events: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'not snake_case'), z.string().min(1)).optional(),
  /** Events of the listening process, whose pid belongs to no client: they neither give nor take an address or user. */
  alone: z.array(z.string()).default([]),
  messages: z.array(z.unknown()).min(1),
})

export type MessageEntry = z.infer<typeof MessageEntry>
