/**
 * Every error of the host, once. A code is permanent; `cause` says what was seen (fields in braces are filled in), `fix` the mend.
 * README.md lists them; a test holds the two together.
 */
const ERRORS = {
  HOST_APP_INVALID: {
    title: 'The app cannot be loaded',
    cause: '{appDir}: {detail}.',
    fix: 'Name a folder with host.json and a package.json whose "main" is the module that registers the functions',
  },
  HOST_ALREADY_STARTED: {
    title: 'This process has a host already',
    cause: '@azure/functions keeps one app a process.',
    fix: 'Start the second host in a process of its own: node src/main.ts',
  },
  HOST_STATE_LOCKED: {
    title: 'Another host uses this state',
    cause: '{stateDir} is held by process {pid}.',
    fix: 'Stop that host, or give this one a folder of its own with --state DIR',
  },
  HOST_STATE_CORRUPT: {
    title: 'The state file is damaged',
    cause: '{file}: {detail}. It was set aside as {aside} and a new one begun.',
    fix: 'Let the reconciler timer start what is missing; keep the file set aside for a look',
  },
  HOST_STATE_NEWER: {
    title: 'The state file is of a newer host',
    cause: '{file} has version {found}, this host knows {known}.',
    fix: 'Use the newer host, or give this one a folder of its own with --state DIR',
  },
  HOST_SETTING_INVALID: {
    title: 'A setting cannot be used',
    cause: '{setting}: {detail}.',
    fix: 'Mend it in host.json, local.settings.json or the environment',
  },
  HOST_PORT_TAKEN: {
    title: 'The port is taken',
    cause: '127.0.0.1:{port} is in use by another program.',
    fix: 'Leave the port out (or 0) to get a free one',
  },
  HOST_FUNCTION_UNSUPPORTED: {
    title: 'The local host cannot run this function',
    cause: 'Function {name} uses {what}.',
    fix: 'Run the app with Azure Functions Core Tools (func start), or leave the function out: AzureWebJobs.{name}.Disabled=true',
  },
  HOST_FUNCTION_UNKNOWN: {
    title: 'No such function',
    cause: 'The app has no {kind} named {name}.',
    fix: 'Check the name in the call and the registration',
  },
  HOST_FUNCTION_TIMEOUT: {
    title: 'A function ran too long',
    cause: 'Function {name} did not end within {seconds} s.',
    fix: 'Raise functionTimeout in host.json, or split the work',
  },
  HOST_ACTION_UNSUPPORTED: {
    title: 'The local host cannot do this in an orchestration',
    cause: '{what} is not supported.',
    fix: 'Do it in an activity, or run the app with Azure Functions Core Tools (func start)',
  },
  HOST_NONDETERMINISTIC: {
    title: 'The orchestrator decided otherwise than before',
    cause: 'Step {step} was {before}, on replay it is {now}.',
    fix: 'Take clock, randomness and settings out of the orchestrator; give changed code a new name and let old runs end on the old one',
  },
  HOST_INSTANCE_EXISTS: {
    title: 'That instance is running already',
    cause: 'Instance {id} is {status}.',
    fix: 'Wait for its end, terminate it, or use another instance id',
  },
  HOST_INSTANCE_UNKNOWN: { title: 'No such instance', cause: 'There is no instance {id}.', fix: 'List them: GET /runtime/webhooks/durabletask/instances' },
  HOST_INSTANCE_ENDED: { title: 'The instance has ended', cause: 'Instance {id} is {status}.', fix: 'Start it again, or purge it' },
  HOST_INSTANCE_ACTIVE: {
    title: 'The instance has not ended',
    cause: 'Instance {id} is {status}.',
    fix: 'Terminate it first: POST …/instances/{id}/terminate',
  },
  HOST_INSTANCE_NOT_FAILED: {
    title: 'Only a failed instance can be rewound',
    cause: 'Instance {id} is {status}.',
    fix: 'Restart it instead: POST …/instances/{id}/restart',
  },
  HOST_REWIND_IMPOSSIBLE: {
    title: 'The instance cannot be rewound',
    cause: 'Instance {id}: {detail}.',
    fix: 'Bring back the code it began with, or restart it: POST …/instances/{id}/restart',
  },
  HOST_ACTIVITY_POISON: {
    title: 'An activity ends its host',
    cause: 'The host ended {deliveries} times while {name} ran.',
    fix: 'Look for a crash or a lack of memory in that activity, mend it and rewind or restart the instance',
  },
  HOST_POISON_UNKNOWN: { title: 'No such poison message', cause: 'There is no poison message {id}.', fix: 'List them: GET /admin/poison' },
  HOST_REQUEST_INVALID: { title: 'The request is not valid', cause: '{detail}', fix: 'Mend the request' },
  HOST_REQUEST_UNAUTHORIZED: {
    title: 'A key is needed',
    cause: '{path} needs the function key.',
    fix: 'Send it as header x-functions-key or as ?code=…; it lies in the state folder, file function-key',
  },
  HOST_REQUEST_FOREIGN: {
    title: 'The request comes from elsewhere',
    cause: '{header} is {value}.',
    fix: 'Call the host by its loopback address, and not from a page of another origin',
  },
  HOST_BODY_TOO_LARGE: {
    title: 'The request body is too large',
    cause: 'The body has more than {limit} bytes.',
    fix: 'Send less, or raise FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
  },
  HOST_BUSY: { title: 'Too many requests at once', cause: '{limit} requests are under way.', fix: 'Try again, or raise extensions.http.maxOutstandingRequests' },
} as const

export type HostErrorCode = keyof typeof ERRORS
export const hostErrorCodes = Object.keys(ERRORS) as HostErrorCode[]

type Fields = Readonly<Record<string, string | number>>

/** The shape in which an error leaves the host: HTTP answers, log entries and the line of main.ts. */
export interface HostErrorDocument {
  code: HostErrorCode
  message: string
  cause: string
  fix: string
}

const fill = (text: string, fields: Fields): string => text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fields[name] ?? whole))

/** An error with a permanent code. `message` is complete for logs; `toDocument()` is for answers. */
export class HostError extends Error {
  override readonly name = 'HostError'
  readonly code: HostErrorCode
  readonly fields: Fields

  constructor(code: HostErrorCode, fields: Fields = {}, options?: { cause?: unknown }) {
    super(`${code}: ${ERRORS[code].title}: ${fill(ERRORS[code].cause, fields)} ${fill(ERRORS[code].fix, fields)}.`, options)
    this.code = code
    this.fields = fields
  }

  toDocument(): HostErrorDocument {
    const { title, cause, fix } = ERRORS[this.code]
    return { code: this.code, message: title, cause: fill(cause, this.fields), fix: fill(fix, this.fields) }
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message || error.name : String(error))
