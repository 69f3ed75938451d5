import { type Config, LogpipeError } from '@logpipe/core'
import { failed, ok, type PreflightCheck, skipped } from '@logpipe/validation'
import { askFunctions, messageOf } from '../host.ts'

/** The functions app: it answers, and takes the key. An empty request is refused for its body (400) once the key is good. */
export const functionsCheck = ({ url, key }: Config['functions']): PreflightCheck => ({
  id: 'functions',
  why: 'It runs the pipeline when a log is dropped.',
  look: async (signal) => {
    if (url === '') return skipped('no function app is set; logpipe run runs the pipeline itself')
    const answer = await askFunctions({ url, key }, '/api/runs', {}, signal)
    return answer.status === 400 ? ok(`${url} answers and takes the key`) : failed(`${url} answered ${answer.status}`, 'Deploy the app again, and look at its log stream')
  },
})

export const mlflowCheck = ({ url }: Config['mlflow']): PreflightCheck => ({
  id: 'mlflow',
  why: 'Runs and models are tracked there; what cannot be sent waits in the outbox.',
  look: async (signal) => {
    if (url === '') return skipped('no MLflow is set; the registry in storage keeps the models')
    const endpoint = new URL('health', url.endsWith('/') ? url : `${url}/`)
    const answer = await fetch(endpoint, { signal }).catch((error: unknown) => {
      throw new LogpipeError('MLFLOW_UNREACHABLE', { endpoint: url, detail: messageOf(error) }, { cause: error })
    })
    return answer.ok ? ok(`${url} is healthy`) : failed(`${endpoint.href} answered ${answer.status}`, 'Bring the server up; nothing is lost meanwhile')
  },
})
