import { app, type Timer } from '@azure/functions'
import { effect } from '../effect.ts'

const note = (name: string) => (timer: Timer) => effect(`${name} pastDue=${timer.isPastDue} last=${timer.scheduleStatus.last.slice(0, 4)}`)

app.timer('yearly', { schedule: '%SCHEDULE%', handler: note('yearly') })
app.timer('eager', { schedule: '0 0 3 1 1 *', runOnStartup: true, handler: note('eager') })
app.timer('often', { schedule: '* * * * * *', handler: note('often') })
