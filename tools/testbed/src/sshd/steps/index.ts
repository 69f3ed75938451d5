import type { Step } from '../step.ts'
import { passwordSteps } from './passwords.ts'

export const STEPS: readonly Step[] = [...passwordSteps]
