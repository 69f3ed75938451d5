import type { FinishInput } from '../orchestrators/messages.ts'
import { ACTIVITIES } from '../orchestrators/names.ts'
import { dispatch } from '../triggers/dispatch.ts'
import { beginRun } from './begin-run.ts'
import { ensureServices } from './ensure-services.ts'
import { finishRun } from './finish-run.ts'
import { learnFromRun } from './learn-from-run.ts'
import { activity, stageActivity } from './outcome.ts'
import { publishRun } from './publish-run.ts'
import { endJob, lookAtJob, runLayer } from './run-layer.ts'
import { validateRun } from './validate-run.ts'

activity(ACTIVITIES.begin, beginRun)
stageActivity(ACTIVITIES.layer, runLayer)
stageActivity(ACTIVITIES.lookAtJob, lookAtJob)
activity(ACTIVITIES.endJob, endJob)
stageActivity(ACTIVITIES.validate, validateRun)
stageActivity(ACTIVITIES.publish, publishRun)
stageActivity(ACTIVITIES.learn, learnFromRun)
stageActivity(ACTIVITIES.services, ensureServices)
activity(ACTIVITIES.finish, async (app, input: FinishInput, client) => {
  const ended = await finishRun(app, input)
  await dispatch(app, client)
  return ended
})
