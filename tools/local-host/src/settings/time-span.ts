import { HostError } from '../errors.ts'

/** .NET TimeSpan text (`[d.]hh:mm:ss[.fff]`) in ms; "-1" means without end (Infinity). Throws HOST_SETTING_INVALID. */
export function parseTimeSpan(text: string, setting: string): number {
  if (text === '-1') return Infinity
  const parts = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/.exec(text)
  if (!parts) throw new HostError('HOST_SETTING_INVALID', { setting, detail: `"${text}" is no time span such as 00:05:00` })
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1, 5).map((part: string | undefined) => Number(part ?? 0))
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + Math.round(Number(`0.${parts[5] ?? 0}`) * 1000)
}
