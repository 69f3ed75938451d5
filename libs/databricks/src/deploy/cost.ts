interface Priced {
  readonly workers: number
  readonly nodeHourPrice: number
}

/** A cluster takes about five minutes to start, and the smallest layer two to run. */
const SMALL_JOB_SECONDS = 7 * 60

const cents = (amount: number): number => Math.round(amount * 100) / 100

/** All nodes of one job's cluster: the driver is one more. */
export const costPerHour = ({ workers, nodeHourPrice }: Priced): number => cents((workers + 1) * nodeHourPrice)

export const jobCost = (options: Priced, seconds: number): number => cents(((options.workers + 1) * options.nodeHourPrice * seconds) / 3600)

/** A run over a small file: the start of its clusters is nearly all of it. */
export const runCost = (options: Priced, jobs: number): number => cents(jobs * jobCost(options, SMALL_JOB_SECONDS))
