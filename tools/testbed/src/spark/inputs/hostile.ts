import { DEFAULT_MAX_LINE_BYTES } from '@logpipe/core/lines'
import { HEADERS } from './headers.ts'

/** User names that a client may send. */
const USERS = [
  'root', '', ' 0101', 'trailing ', 'a from 10.0.0.1 port 22 ssh2', 'from', 'x from', 'from from from',
  'x from 198.51.100.1 port 22 ssh2: RSA SHA256:abc', '__proto__', 'constructor', `Robert'); DROP TABLE lines;--`, '"quoted"', `it's`,
  'back\\slash\\', '\\u0041\\n', 'naïve ☃ 😀 \u0301', '100%_!%', '{"a":1}', '[1,2]', 'null', 'NULL', 'a,b;c', 'tab\there', 'nul\0byte', '\u001b[31mred',
  'bell\u0007\u007f\u0085', 'line\u2028paragraph\u2029', '\u202egnp.exe', 'full\u3000width', 'a [preauth]', 'invalid user invalid user', 'message repeated 2 times: [ x]',
  '=cmd|calc', '+1+1', '-2', '@SUM(A1)', '＝1', "'=1", '<script>alert(1)</script>', 'u port port port 22', '${jndi:x}', '%s%n', 'İstanbul', 'straße', 'Ａ',
]

/** What may stand where an address is wanted: IPv4 and IPv6 in all their forms, host names, and what is neither. */
const ADDRESSES = [
  '192.0.2.7', '192.0.2.07', '256.1.1.1', '1.2.3', '2001:db8::17', '2001:DB8:0:0:0:0:0:17', '2001:db8:0:1:0:0:0:1', '2001:db8:0:0:1:0:0:1',
  '1:2:3:4:5:6:7::', '::', '::1', ':::', '1::2::3', 'fe80::1%eth0', 'fe80::1%', '::ffff:192.0.2.7', '::FFFF:c000:207', '::192.0.2.7',
  '1:2:3:4:5:6:192.0.2.7', '1:2:3:4:5:6:7:192.0.2.7', '2001:db8::192.0.2.300', '12345::1', 'g::1', '1.2.3.4%a:b', 'UNKNOWN',
  '5.36.59.76.dynamic.example.net', 'host-1.example.org', '=1+1', '@x', '٣.٣.٣.٣',
]

const MESSAGES: readonly ((user: string, address: string) => string)[] = [
  (user, address) => `Failed password for ${user} from ${address} port 38926 ssh2`,
  (user, address) => `Failed none for invalid user ${user} from ${address} port 0022 ssh2`,
  (user, address) => `Accepted publickey for ${user} from ${address} port 22 ssh2: ED25519 SHA256:abcDEF`,
  (user, address) => `Invalid user ${user} from ${address}`,
  (user, address) => `Invalid user ${user} from ${address} port 99999999999`,
  user => `input_userauth_request: invalid user ${user} [preauth]`,
  (user, address) => `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${address}  user=${user}`,
  (_, address) => `error: Received disconnect from ${address}: 3: com.jcraft.jsch.JSchException: Auth fail [preauth]`,
  (user, address) => `Disconnected from authenticating user ${user} ${address} port 55 [preauth]`,
  (user, address) => `message repeated 5 times: [ Failed password for ${user} from ${address} port 22 ssh2]`,
  (user, address) => `message repeated 2 times: [ message repeated 3 times: [ error: maximum authentication attempts exceeded for ${user} from ${address} port 1 ssh2 [preauth]]]`,
  user => `message repeated 0 times: [ ${user}]`,
  user => `message repeated 999999999 times: [ message repeated 999999999 times: [ Invalid user ${user} from 192.0.2.1]]`,
  user => `message repeated 3 times: [ ]${user}`,
  user => `session opened for ${user} "unknown" 'quoted' 10.1.2.3:22 0x1f 12`,
  user => user,
  user => `error: ${user} [postauth]`,
  (_, address) => `Connection closed by ${address} [preauth]`,
]

/** Lines that are none, or whose header is not one. */
const ODD = [
  '', '   ', '\t', 'Dec 10', 'Dec 10 06:55:46', 'Dec 10 06:55:46 ', 'Dec 10 06:55:46 web-1', 'Dec 10 06:55:46 web-1 sshd[1]:', 'Dec 10 06:55:46 web-1 sshd[1]:x',
  'Dec 10 06:55:46 web-1 sshd[12345678901]: pid too long', 'Dec 10 06:55:46 web-1 sshd[]: no pid', 'Dec 10 06:55:46 web-1 (a(b)[3]: x', 'Dec 10 06:55:46 : x',
  'Feb 30 06:55:46 web-1 sshd[1]: x', 'Dec 0 06:55:46 web-1 sshd[1]: x', 'Dec 10 24:00:00 web-1 sshd[1]: x', 'Dec 10 06:55:61 web-1 sshd[1]: x',
  'Dec 10 06:55:46.1234567890 web-1 sshd[1]: x', 'anF 10 06:55:46 web-1 sshd[1]: x', 'Dec 10 9999 06:55:46 web-1 sshd[1]: x', 'Dec 10 06:55:46 2014 ',
  '2014-02-30T00:00:00Z web-1 sshd[1]: x', '1969-01-01T00:00:00Z web-1 sshd[1]: x', '2199-12-31T23:59:60-23:59 web-1 sshd[1]: x', '2014-01-01T00:00:00+24:00 web-1 sshd[1]: x',
  '2014-01-01T00:00:00+2 web-1 sshd[1]: x', '<38>1 - web-1 sshd 1 - - x', '<38>1 2014-05-01T06:55:46Z web-1 sshd 1 - [a', '<1234>Dec 10 06:55:46 web-1 sshd[1]: x',
  '٣ec 10 06:55:46 web-1 sshd[1]: x', 'Dec 1٣ 06:55:46 web-1 sshd[1]: x', '\u0000\u0001\u0002', 'x'.repeat(2500), '☃'.repeat(2500), '😀'.repeat(1500),
]

const tenth = (n: number): string => String(n).padStart(2, '0')

/** Enough tries that detections fire and addresses are scored, by users and hosts with hostile names. */
function attacks(): string[] {
  const hosts = ['web-1', '=cmd', '-1', '𝒘eb', `it's`]
  return USERS.flatMap((user, u) =>
    Array.from({ length: 3 + (u % 9) }, (_, i) => {
      const address = ADDRESSES[(u * 5 + (u % 3 === 0 ? i : 0)) % ADDRESSES.length]
      const outcome = i === 7 ? 'Accepted' : 'Failed'
      const time = `2015-01-0${1 + (u % 3)}T${tenth((u * 7) % 24)}:${tenth((i * (1 + (u % 6))) % 60)}:${tenth((u * 11) % 60)}.${u % 4 === 0 ? '5' : '123456'}Z`
      return `${time} ${hosts[u % hosts.length]} sshd[${900 + u}]: ${outcome} password for ${u % 2 === 0 ? '' : 'invalid user '}${user} from ${address} port ${1000 + i} ssh2`
    }),
  )
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/** A log as nobody should write it; what it holds must pass through every engine in the same way. The same bytes each time. */
export function hostileLog(): Buffer {
  const headed = (message: string, i: number, forms: readonly number[]): string[] => forms.map(k => HEADERS[(i + k) % HEADERS.length]?.(message, 500 + (i >> 2)) ?? '')
  const messages = [...USERS.flatMap(user => MESSAGES.map(message => message(user, '192.0.2.7'))), ...ADDRESSES.flatMap(address => MESSAGES.map(message => message('root', address)))]
  const lines = [...ODD, ...messages.flatMap((message, i) => headed(message, i, [0, 5])), ...attacks()]
  const header = 'Dec 10 06:55:46 web-1 sshd[77]: '
  return Buffer.concat([
    Buffer.from([0xef, 0xbb, 0xbf]),
    ...lines.map((line, i) => Buffer.from(`${line}${i % 11 === 0 ? '\r\n' : '\n'}`)),
    Buffer.from(`${header}Invalid user lone\rcr from 192.0.2.1\n`),
    latin1(`${header}Invalid user \xff\xfe\xc0\xaf from 192.0.2.1\n`),
    latin1(`${header}Failed password for \xed\xa0\x80 from 192.0.2.1 port 22 ssh2\n`),
    latin1(`${header}Failed password for caf\xe9 from \xe9 port 22 ssh2\n`),
    latin1('\xff\xfe\0\n\0\0\0\n\x80\n'),
    Buffer.from(`${header}Invalid user ${'y'.repeat(60_000)} from 192.0.2.1\n`),
    Buffer.from(`${header}Invalid user ${'z'.repeat(DEFAULT_MAX_LINE_BYTES)} from 192.0.2.1\n`),
    Buffer.from(`${header}Failed password for root from 192.0.2.1 port 22 ss`),
  ])
}
