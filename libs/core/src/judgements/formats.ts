import type { Decision } from './decisions.ts'

export const DECISION_FORMATS = ['fail2ban', 'crowdsec', 'nftables', 'csv'] as const
export type DecisionFormat = (typeof DECISION_FORMATS)[number]

const why = ({ severity, reasons }: Decision): string => `logpipe ${severity}: ${reasons.join(' ')}`
const expires = ({ seconds }: Decision, nowMs: number): string => new Date(nowMs + seconds * 1000).toISOString()

/** Commands of fail2ban-client; the time of the ban is the jail's own setting, so it is set before. */
function fail2ban(decisions: readonly Decision[]): string {
  const bans = decisions.map((decision) => `fail2ban-client set sshd banip ${decision.address} # ${why(decision)}`)
  const [first] = decisions
  return first === undefined ? '' : [`fail2ban-client set sshd bantime ${first.seconds}`, ...bans, ''].join('\n')
}

/** For `cscli decisions import --format json -i FILE`. */
function crowdsec(decisions: readonly Decision[]): string {
  const rows = decisions.map((decision) => ({ duration: `${decision.seconds}s`, reason: why(decision), scope: 'ip', type: 'ban', value: decision.address }))
  return `${JSON.stringify(rows, null, 2)}\n`
}

/** For `nft -f FILE`: two sets whose elements expire by themselves. Making them again changes nothing, so the file may be loaded often. */
function nftables(decisions: readonly Decision[]): string {
  const set = (name: string, type: string, chosen: readonly Decision[]): string[] => [
    `add set inet logpipe ${name} { type ${type}; flags timeout; }`,
    ...chosen.map((decision) => `add element inet logpipe ${name} { ${decision.address} timeout ${decision.seconds}s comment "${why(decision).slice(0, 120)}" }`),
  ]
  return [
    'add table inet logpipe',
    ...set('blocked4', 'ipv4_addr', decisions.filter(({ address }) => address.includes('.'))),
    ...set('blocked6', 'ipv6_addr', decisions.filter(({ address }) => address.includes(':'))),
    'add chain inet logpipe input { type filter hook input priority -10; policy accept; }',
    'flush chain inet logpipe input',
    'add rule inet logpipe input ip saddr @blocked4 drop',
    'add rule inet logpipe input ip6 saddr @blocked6 drop',
    '',
  ].join('\n')
}

/** RFC 4180. No field can need quotes: addresses, ids and times only. */
function csv(decisions: readonly Decision[], nowMs: number): string {
  const rows = decisions.map((decision) => [decision.address, decision.severity, decision.reasons.join(' '), expires(decision, nowMs), decision.runs.join(' ')].join(','))
  return ['address,severity,reasons,expires,runs', ...rows, ''].join('\n')
}

/** The decisions in the form that another tool takes. */
export function formatDecisions(format: DecisionFormat, decisions: readonly Decision[], nowMs: number): string {
  return { fail2ban, crowdsec, nftables, csv }[format](decisions, nowMs)
}
