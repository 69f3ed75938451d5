// Writes docs/parity.md from what the suite found: npm run test:real, then node bootstrap.mjs node tools/testbed/src/spark/write-parity-doc.ts
import { writeFileSync } from 'node:fs'
import { type ParityComparison, type ParityFigures, readFigures } from './figures.ts'

const PAGE = new URL('../../../../docs/parity.md', import.meta.url)
const number = (value: number): string => value.toLocaleString('en-US')
const unique = (values: readonly string[]): string[] => [...new Set(values)]

/** Outputs down, inputs across; a cell is rows compared / rows that differ, = for the same bytes. */
function table(comparisons: readonly ParityComparison[], inputs: readonly string[]): string {
  const cell = (output: string, input: string): string => {
    const found = comparisons.find(one => one.output === output && one.input === input)
    return found === undefined ? '' : `${number(found.rows)} / ${number(found.differing)}${found.identical === true ? ' =' : ''}`
  }
  const rows = unique(comparisons.map(({ output }) => output)).map(output => [output, ...inputs.map(input => cell(output, input))])
  return [['output', ...inputs], inputs.concat('').map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')
}

function page({ date, versions, sparkSeconds, inputs, comparisons }: ParityFigures): string {
  const names = inputs.map(({ name }) => name)
  const of = (pair: ParityComparison['pair']): string => table(comparisons.filter(one => one.pair === pair), names)
  return `# Parity
The layers are written once and run by DuckDB on one machine and by Spark on Databricks. This page says how far both are held to give the
same: every output of every input below, row by row and column by column, in order.

${date}. Spark ${versions['spark']} (local[2], Java ${versions['java']}, Python ${versions['python']}), DuckDB ${versions['duckdb']}, Node ${versions['node']},
pipeline definition ${versions['definition']}. Spark took ${number(sparkSeconds)} s for all of it.

| input | lines | bytes | is |
| --- | --- | --- | --- |
${inputs.map(({ name, title, lines, bytes }) => `| ${name} | ${number(lines)} | ${number(bytes)} | ${title} |`).join('\n')}

## Spark and the embedded engine
The embedded engine reads lines and parses them in TypeScript, then runs gold and ml on DuckDB. Spark runs \`deploy/databricks/run_layer.py\`, the very
files that are deployed: it reads the source itself, runs the silver SQL that the catalogue compiles to, then the same layers/*.sql.
Rows compared / rows that differ; = where the files are the same bytes too:

${of('spark')}

Also held: the same counts and warnings of each layer, and names, order and types of Spark's columns by the job itself. Numbers are compared digit by
digit; inside a JSON column by value, because DuckDB's JSON writer makes 0.5 of the 0.500000 that the SQL gives.

## The silver SQL on DuckDB and the TypeScript parser
The same SQL, on DuckDB. The core's own tests hold it on more lines, fuzzed ones among them. Rows compared / rows that differ:

${of('silver-sql')}

## Do it yourself
\`\`\`
npm run test:real                                                      # also makes the Python environment, once: PySpark is 310 MB
node bootstrap.mjs node tools/testbed/src/spark/write-parity-doc.ts    # this page, from what the suite has found
\`\`\`
Needs Python 3.8 to 3.11 (python3 with venv) and a package index that pip can reach; Java 17 is taken from the machine, or out of a wheel. The inputs
are made by \`tools/testbed/src/spark/inputs\`, the same bytes each time. What Spark is set to stands in
\`libs/databricks/src/layer-files.ts\`; on a row that differs the suite prints the first few.
`
}

writeFileSync(PAGE, page(readFigures()))
