import { type BlobInfo, Config, isZone, LogpipeError, type Plan, type RunRecord, sourceSettings, STAGES, type StageName, StreamName } from '@logpipe/core'

/** Blob metadata wins over config, config over the defaults. Settled once, when a source is admitted: the run keeps it. */
export function runParams(config: Config, { name, metadata, modifiedMs }: BlobInfo): RunRecord['params'] {
  const settings = sourceSettings(config, name)
  const timezone = metadata['timezone'] ?? settings.timezone
  const baseTime = Date.parse(metadata['base_time'] ?? settings.baseTime ?? '')
  return {
    timezone: timezone ?? 'UTC',
    timezoneAssumed: timezone === undefined,
    baseTimeMs: Number.isNaN(baseTime) ? modifiedMs : baseTime,
    stream: metadata['stream'] ?? settings.stream ?? null,
  }
}

const ENGINES: readonly string[] = Config.shape.engine.unwrap().options

const isStage = (name: string): name is StageName => STAGES.some((stage) => stage.name === name)

/** Metadata `until` ends the run with that stage. */
export function runPlan({ metadata: { until } }: BlobInfo): Plan | null {
  return until !== undefined && isStage(until) ? { of: null, from: STAGES[0].name, until } : null
}

/** The config's settings are checked when it is read; what a person wrote as metadata is checked here. Throws SOURCE_SETTING_WRONG. */
export function checkMetadata({ name, metadata }: BlobInfo): void {
  const { timezone, base_time: baseTime, stream, until, engine } = metadata
  if (timezone !== undefined && !isZone(timezone)) throw new LogpipeError('SOURCE_SETTING_WRONG', { name, setting: 'timezone', value: timezone })
  if (baseTime !== undefined && Number.isNaN(Date.parse(baseTime))) throw new LogpipeError('SOURCE_SETTING_WRONG', { name, setting: 'base_time', value: baseTime })
  if (stream !== undefined && !StreamName.safeParse(stream).success) throw new LogpipeError('SOURCE_SETTING_WRONG', { name, setting: 'stream', value: stream })
  if (until !== undefined && !isStage(until)) throw new LogpipeError('SOURCE_SETTING_WRONG', { name, setting: 'until', value: until })
  if (engine !== undefined && !ENGINES.includes(engine)) throw new LogpipeError('SOURCE_SETTING_WRONG', { name, setting: 'engine', value: engine })
}
