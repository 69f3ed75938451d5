/** The header forms of silver, with and without pid and year. */
export const HEADERS: readonly ((message: string, pid: number) => string)[] = [
  (message, pid) => `Dec 10 06:55:46 web-1.example.org sshd[${pid}]: ${message}`,
  (message, pid) => `2014-05-01T06:55:46.123456+02:00 web-1.example.org sshd-session[${pid}]: ${message}`,
  (message, pid) => `<38>1 2014-05-01T06:55:46.1Z web-1 sshd ${pid} - - ${message}`,
  (message, pid) => `2014-12-31T23:30:46-0930 2001:db8::9 sshd-auth[${pid}]: ${message}`,
  (message, pid) => `2014-05-01 06:55:46.123456789+0200 0x1a2b     Default     0x0                  ${pid}    0    sshd: ${message}`,
  (message, pid) => `<38>Feb 29 23:59:59.123 192.0.2.9 /usr/sbin/sshd[${pid}]: ${message}`,
  (message) => `Mar 29 02:30:00 web-1 [sshd]: ${message}`,
  (message, pid) => `Jan  1 2014 00:00:00 web-1 sshd(pam_unix)[${pid}]: ${message}`,
  (message, pid) => `<38>1 2014-05-01T06:55:46Z - sshd ${pid} ID47 [a@1 x="]\\] y"] \uFEFF${message}`,
  (message, pid) => `Dec 31 23:59:60 sshd[${pid}]: ${message}`,
  (message, pid) => `Dec 10 06:55:46 web-1 CRON[${pid}]: ${message}`,
  (message) => `Oct 25 02:30:00 web-1 ${message}`,
]
