/** Accounts that exist on every host. */
export const systemAccounts = ['root', 'git', 'deploy', 'backup', 'postgres'] as const

/** Accounts that exist on every host, but not for people or programs to log in. */
export const daemonAccounts = [
  'www-data', 'nobody', 'daemon', 'games', 'news', 'lp', 'mail', 'bin', 'irc', 'sync', 'redis', 'nginx', 'man', 'proxy', 'list',
] as const

const numberedBelow1000: ReadonlySet<string> = new Set([...daemonAccounts, 'root', 'postgres', 'backup'])

const services = ['ci', 'rsync', 'borg', 'ansible', 'gitlab-runner', 'collector', 'etl', 'mirror'] as const

/** The account of the n-th program. */
export function serviceName(n: number): string {
  return `${services[n % services.length]}-${1 + Math.floor(n / services.length)}`
}

/** Whether the account's user id is that of a service or of root. */
export function isSystemAccount(user: string): boolean {
  return numberedBelow1000.has(user)
}

/** What brute-force tools try that exists nowhere here. The empty name is real: some tools send none, and it leaves two blanks in the line. */
export const guessedNames = [
  'admin', 'test', 'user', 'oracle', 'ubuntu', 'guest', 'ftpuser', 'webmaster', 'support', 'pi', 'hadoop', 'nagios', 'tomcat', 'jenkins',
  'mysql', 'www', 'ftp', 'info', 'student', 'minecraft', 'teamspeak', 'zabbix', 'vagrant', 'ansible', 'docker', 'elastic', 'es', 'solr',
  'odoo', 'pgadmin', 'sysadmin', 'administrator', 'svn', 'dev', 'test1', 'test9', 'user1', 'chen', 'wang', 'demo', 'alpine', 'ubnt',
  'cisco', 'monitor', 'scanner', 'uucp', '0', '1234', 'a', 'web', 'api', 'app', 'default', 'sales', 'scan', 'inspur', 'matlab', 'gpadmin', '',
] as const

const people = [
  'alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy', 'karl', 'lena', 'mallory', 'nina', 'oscar', 'peggy',
  'quentin', 'rupert', 'sybil', 'trent', 'ursula', 'victor', 'wendy', 'xenia', 'yusuf', 'zoe',
] as const

/** The n-th person: names repeat with a number behind them, so that no two people share an account. */
export function personName(n: number): string {
  const round = Math.floor(n / people.length)
  return `${people[n % people.length]}${round === 0 ? '' : round + 1}`
}

const surnames = [
  'smith', 'jones', 'garcia', 'mueller', 'rossi', 'tanaka', 'novak', 'silva', 'kim', 'ivanova', 'dubois', 'olsen', 'patel', 'nguyen', 'cohen',
  'kowalski', 'jansen', 'lopez', 'haddad', 'okafor',
] as const

/** The n-th login name as companies form them from people's names: what a sprayer gets from a web site. 2080 different ones. */
export function staffName(n: number): string {
  const first = people[n % people.length]!
  const last = surnames[Math.floor(n / people.length) % surnames.length]!
  const forms = [`${first}.${last}`, `${first[0]}${last}`, `${first}${last[0]}`, `${last}.${first}`] as const
  return forms[Math.floor(n / people.length / surnames.length) % forms.length]!
}
