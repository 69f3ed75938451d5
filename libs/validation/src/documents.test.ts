import { LogpipeError } from '@logpipe/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Finding } from './finding.ts'
import { toJunit } from './junit.ts'
import { toMarkdown } from './markdown.ts'

const finding = (id: string, seen: string, failed: boolean): Finding => ({ id, seen, error: failed ? new LogpipeError('OUTPUT_MISSING', { name: seen }) : null })
const findings = [finding('one', 'two outputs', false), finding('two', 'gold/x', true)]

test('JUnit counts and names what failed, with the mend', () => {
  const xml = toJunit('run-1', findings)
  expect(xml).toContain('<testsuite name="run-1" tests="2" failures="1">')
  expect(xml).toContain('<failure type="OUTPUT_MISSING" message="gold/x is in the manifest and not in storage.">fix: Run again: npx logpipe run FILE</failure>')
})

test('Markdown says what failed, with the mend', () => {
  const page = toMarkdown('run-1', findings)
  expect(page).toContain('## Validation of run-1: 1 of 2 checks failed')
  expect(page).toContain('| two | failed, OUTPUT_MISSING |')
  expect(page).toContain('**two**: Run again: npx logpipe run FILE')
})

const hostile = fc.string({ unit: fc.constantFrom('<', '>', '&', '"', ']', '|', '`', '\n', '\r', '\u0000', '\u001b', '\ud800', '\uffff', '\u202e', 'a') })

test('whatever a name holds, XML stays well formed and a table keeps its rows', () => {
  fc.assert(
    fc.property(hostile, fc.boolean(), (text, failed) => {
      const [xml, page] = [toJunit(text, [finding(text, text, failed)]), toMarkdown(text, [finding(text, text, failed)])]
      const tags = xml.match(/<[^>]*>/g) ?? []
      expect(tags.filter((tag) => !tag.startsWith('</') && !tag.startsWith('<?')).length).toBe(tags.filter((tag) => tag.startsWith('</')).length)
      expect(xml).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd]*$/u)
      expect(page.split('\n').filter((line) => line.startsWith('| ') || line.startsWith('|-'))).toHaveLength(3)
      expect(page).not.toMatch(/(?<!\\)[<[]/)
    }),
  )
})
