import type { Finding } from './finding.ts'

/** XML 1.0 has no form at all for control characters and lone surrogates. */
const text = (value: string): string =>
  value
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '�')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** The findings as a JUnit XML suite, one test case each. */
export function toJunit(runId: string, findings: readonly Finding[]): string {
  const failures = findings.filter(({ error }) => error !== null).length
  const cases = findings.map(({ id, seen, error }) => {
    const open = `    <testcase classname="logpipe.validate" name="${text(id)}"`
    if (error === null) return `${open}><system-out>${text(seen)}</system-out></testcase>`
    const { code, cause, fix } = error.toDocument()
    return `${open}><failure type="${code}" message="${text(cause)}">fix: ${text(fix)}</failure></testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${text(runId)}" tests="${findings.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>\n',
  ].join('\n')
}
