// Writes docs/detection.md from what the suite found: npm run test:real, then node bootstrap.mjs node tools/testbed/src/peers/write-detection-doc.ts
import { writeFileSync } from 'node:fs'
import { asMarkdown, shortfalls, tables } from '@logpipe/evaluate'
import { CROWDSEC } from './crowdsec.ts'
import { FAIL2BAN } from './fail2ban.ts'
import { type DatedEvaluation, readEvaluation } from './results.ts'

const PAGE = new URL('../../../../docs/detection.md', import.meta.url)
const number = (value: number): string => value.toLocaleString('en-US')

function verdict(evaluation: DatedEvaluation): string {
  const short = shortfalls(evaluation)
  if (short.length === 0) return 'By these figures logpipe is behind no peer, in no class and in no total, and ahead wherever the best peer leaves room.'
  const rows = short.map(({ measure, logpipe, best, peer }) => `| ${measure} | ${logpipe?.toFixed(3) ?? '–'} | ${best.toFixed(3)} | ${peer} |`)
  return `By these figures logpipe is behind, or no better than, the best peer here:\n\n| measure | logpipe | best peer | which |\n| --- | ---: | ---: | --- |\n${rows.join('\n')}`
}

function page(evaluation: DatedEvaluation): string {
  const { date, definition, seeds, lines, logs } = evaluation
  const attacks = logs.map((log) => log.attacks).reduce((sum, n) => sum + n, 0)
  const cut = logs.map((log) => log.cut).reduce((sum, n) => sum + n, 0)
  const mixes = [...Map.groupBy(logs, ({ mix }) => mix)].map(([mix, own]) => {
    const sum = (pick: (log: (typeof logs)[number]) => number): number => own.reduce((total, log) => total + pick(log), 0)
    return `| ${mix} | ${own.length} | ${number(sum((log) => log.attacks))} | ${number(sum((log) => log.addresses))} | ${Math.round((100 * sum((log) => log.attackers)) / sum((log) => log.addresses))} % |`
  })
  return `# How well attacks are found
What logpipe and its peers find on the very same logs, whose truth is known because \`tools/loggen\` wrote them. This page is made by a script
from what \`npm run test:real\` measured. What each detection looks at stands in
[detections.md](detections.md).

${date}. Pipeline definition ${definition}. ${logs.length} logs of ${number(lines)} lines, ${number(attacks)} attacks; seeds ${seeds.join(', ')}, which nothing was tuned by (development has seeds of its
own: \`tools/evaluate/src/plan.ts\`).

| mix | logs | attacks | addresses | of them in attacks |
| --- | ---: | ---: | ---: | ---: |
${mixes.join('\n')}

${verdict(evaluation)}

## Who takes part
| judge | how it runs here |
| --- | --- |
| logpipe | all layers on the embedded engine, as it comes. It has seen nothing before the logs of the mix first; of the others' 21 days the first ten are run before and hand on model and carried lines, as runs of a stream do, and nobody is judged by them |
| fail2ban | the real ${FAIL2BAN.version} from Debian, its own jail: filter \`sshd\`, maxretry 5, findtime 600 s. Its clock stands at the time of each line (\`MyTime\`, which it has for its own tests); nothing of it is changed |
| fail2ban aggressive | the same with \`mode=aggressive\` |
| crowdsec | the real ${CROWDSEC.version} from Debian in its forensic mode (\`-dsn file://\`), with the parser \`sshd-logs\` and the scenarios \`ssh-bf\` and \`ssh-slow-bf\`, both with their user enumeration, as Debian ships them: the collection \`crowdsecurity/sshd\` |
| ECOD, COPOD, HBOS, IForest | PyOD 2.0.5, default parameters, on the very features that logpipe's score is made of. They rank addresses and flag a fixed tenth of them, so only the ranking is compared |

An attack counts as found when an entity that is its subject is named at medium severity or higher, by an event of its time. Of an attack by many addresses the subject is
the account, the network or the host that is attacked; the peers know addresses only, so for them one of its addresses is enough. Naming somebody who does no harm is
wrong; naming the account that an attacker tries is neither. Attacks that the end of a log cuts short, ${number(cut)} here, count for nobody: what is left of them may be a
single try, and the run that is given the rest finds them by what was carried over. The range of the monitoring is on everybody's allow-list.

${tables(evaluation).map(asMarkdown).join('\n\n')}

The score of one of many addresses in an attack is left out of the ranking: alone it does no more than what the internet does all day.

## What these figures do not show
- Generated logs hold what their authors thought of. Attacks of other kinds, and habits of other companies, are not in them; a class that is found here by 1.000 is found as it is generated here.
- Those who wrote the detections knew the classes, though not the seeds. The peers' authors did not. That favours logpipe, most where a peer has no rule at all: those zeros say that
  the rule is missing, not that it works badly.
- The hosts log as \`sshd\`. From OpenSSH 9.8 on the program is \`sshd-session\`, which these versions of fail2ban and crowdsec do not read: on such hosts they find nothing, which newer versions mend.
- Both peers watch a live log and ban at once, so that an attack ends there; here the log goes on. Time to detection is the log's time; how long logpipe waits for the file is up to how often it is given one.
- The score's time to detection is that of the address's last line, because it is a score of the file.
- crowdsec 1.4.6 is of 2023; its hub has since got scenarios (regular intervals, refused connections) that are not to be had in Debian. Its bans come from one run; a second can differ by an alert, not by an address.
- Shares over a few incidents are coarse: the number of attacks stands beside them.

## Do it yourself
\`\`\`
npx logpipe evaluate --seeds test                                               # logpipe alone, a minute; --json, --markdown
npm run test:real                                                               # with the peers; fetches them once from Debian and the package index
node bootstrap.mjs node tools/testbed/src/peers/write-detection-doc.ts          # this page, from what the suite found
\`\`\`
The peers need Debian 12 (or a container of it) with Python 3.8 to 3.11; packages are unpacked into the user's cache folder, nothing is installed.
`
}

writeFileSync(PAGE, page(readEvaluation()))
