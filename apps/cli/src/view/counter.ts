/** How far many runs are: one line on stderr that is written over on a terminal, and said only at the end elsewhere. */
export function createCounter(total: number): { add(status: string): void; counts(): Record<string, number>; text(): string; end(): void } {
  const counts = new Map<string, number>()
  const terminal = process.stderr.isTTY
  const text = (): string => [...counts].map(([status, count]) => `${count} ${status}`).join(', ') || 'none'
  return {
    add(status) {
      counts.set(status, (counts.get(status) ?? 0) + 1)
      const done = [...counts.values()].reduce((sum, count) => sum + count, 0)
      if (terminal) process.stderr.write(`\r\u001b[K${done}/${total}  ${text()}`)
    },
    counts: () => Object.fromEntries(counts),
    text,
    end() {
      if (terminal && total > 0) process.stderr.write('\n')
    },
  }
}
