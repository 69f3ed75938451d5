import type { Step } from '../step.ts'
import { algorithmSteps } from './algorithms.ts'
import { certificateSteps } from './certificates.ts'
import { disconnectSteps } from './disconnects.ts'
import { keySteps } from './keys.ts'
import { passwordSteps } from './passwords.ts'
import { refusalSteps } from './refusals.ts'
import { serverSteps } from './servers.ts'
import { sessionSteps } from './sessions.ts'

export const STEPS: readonly Step[] = [
  ...passwordSteps,
  ...keySteps,
  ...certificateSteps,
  ...refusalSteps,
  ...algorithmSteps,
  ...disconnectSteps,
  ...sessionSteps,
  ...serverSteps,
]
