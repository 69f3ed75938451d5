import { readdirSync, readFileSync } from 'node:fs'

const TICKS = 100

/** CPU time of a process and all its children, ended ones too, in s. Linux only. */
export function cpuSeconds(root: number): number {
  const processes = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? statOf(name) : []))
  const tree = new Set([root])
  for (let grown = 0; grown < tree.size; ) {
    grown = tree.size
    for (const { pid, parent } of processes) if (tree.has(parent)) tree.add(pid)
  }
  return processes.reduce((sum, { pid, ticks }) => (tree.has(pid) ? sum + ticks : sum), 0) / TICKS
}

function statOf(name: string): { pid: number; parent: number; ticks: number }[] {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // After the name: state, parent, …; user and system time, then those of children that were waited for.
    return [{ pid: Number(name), parent: Number(fields[1]), ticks: fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) }]
  } catch {
    return []
  }
}
