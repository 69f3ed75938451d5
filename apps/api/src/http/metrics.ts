import { monitorEventLoopDelay } from 'node:perf_hooks'

const BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5] as const

interface Series {
  readonly counts: number[]
  sum: number
  total: number
}

/** Figures of the API in Prometheus' text form. Labels are routes and statuses only: nothing that a request or a log line says. */
export class Metrics {
  readonly #requests = new Map<string, number>()
  readonly #seconds = new Map<string, Series>()
  readonly #gauges = new Map<string, () => number>()
  readonly #delay = monitorEventLoopDelay({ resolution: 20 })
  scoredLines = 0

  constructor() {
    this.#delay.enable()
  }

  gauge(name: string, read: () => number): void {
    this.#gauges.set(name, read)
  }

  request(route: string, status: number, seconds: number): void {
    const labels = `route="${route}",status="${status}"`
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1)
    let series = this.#seconds.get(route)
    if (series === undefined) this.#seconds.set(route, (series = { counts: BUCKETS.map(() => 0), sum: 0, total: 0 }))
    series.sum += seconds
    series.total += 1
    const bucket = BUCKETS.findIndex((limit) => seconds <= limit)
    if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
  }

  text(): string {
    const lines = ['# TYPE logpipe_api_requests_total counter']
    for (const [labels, count] of this.#requests) lines.push(`logpipe_api_requests_total{${labels}} ${count}`)
    lines.push('# TYPE logpipe_api_request_seconds histogram')
    for (const [route, { counts, sum, total }] of this.#seconds) {
      let below = 0
      BUCKETS.forEach((limit, i) => lines.push(`logpipe_api_request_seconds_bucket{route="${route}",le="${limit}"} ${(below += counts[i] ?? 0)}`))
      lines.push(`logpipe_api_request_seconds_bucket{route="${route}",le="+Inf"} ${total}`, `logpipe_api_request_seconds_sum{route="${route}"} ${sum}`, `logpipe_api_request_seconds_count{route="${route}"} ${total}`)
    }
    lines.push('# TYPE logpipe_api_scored_lines_total counter', `logpipe_api_scored_lines_total ${this.scoredLines}`)
    const gauges: [string, number][] = [...[...this.#gauges].map(([name, read]): [string, number] => [name, read()]), ['process_resident_memory_bytes', process.memoryUsage.rss()], ['nodejs_eventloop_delay_p99_seconds', this.#delay.percentile(99) / 1e9]]
    for (const [name, value] of gauges) lines.push(`# TYPE ${name} gauge`, `${name} ${value}`)
    return `${lines.join('\n')}\n`
  }

  close(): void {
    this.#delay.disable()
  }
}
