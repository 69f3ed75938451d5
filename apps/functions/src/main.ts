import { app as functions } from '@azure/functions'
import { closeApp } from './compose.ts'
import './triggers/blob.ts'
import './triggers/control.ts'
import './triggers/http.ts'
import './triggers/judgements.ts'
import './triggers/timer.ts'
import './orchestrators/await-job.ts'
import './orchestrators/log-pipeline.ts'
import './activities/index.ts'

functions.hook.appTerminate(closeApp)
