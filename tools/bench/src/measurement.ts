/** One named stretch of work. CPU is user + system of all threads of the process. */
export interface Phase {
  readonly name: string
  readonly wallMs: number
  readonly cpuMs: number
}

/** What one child process measured of itself; the peak counts Node and all it loaded. */
export interface Measurement {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakRssBytes: number
  readonly phases: readonly Phase[]
}

/** A stopwatch for wall and CPU that starts now; each `end` closes one phase and begins the next. */
export function phases(): { end(name: string): void; done(): Phase[] } {
  const closed: Phase[] = []
  let wall = performance.now()
  let cpu = cpuMs()
  return {
    end(name) {
      const [wallNow, cpuNow] = [performance.now(), cpuMs()]
      closed.push({ name, wallMs: wallNow - wall, cpuMs: cpuNow - cpu })
      wall = wallNow
      cpu = cpuNow
    },
    done: () => closed,
  }
}

export function measurementOf(done: readonly Phase[]): Measurement {
  const sum = (pick: (phase: Phase) => number) => done.reduce((total, phase) => total + pick(phase), 0)
  return {
    wallMs: sum(({ wallMs }) => wallMs),
    cpuMs: sum((phase) => phase.cpuMs),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    phases: done,
  }
}

function cpuMs(): number {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  return (userCPUTime + systemCPUTime) / 1000
}
