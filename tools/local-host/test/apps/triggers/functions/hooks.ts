import { app } from '@azure/functions'
import { effect } from '../effect.ts'

app.hook.appStart(() => effect('appStart'))
app.hook.appTerminate(() => effect('appTerminate'))
app.hook.preInvocation((context) => {
  if (context.invocationContext.functionName !== 'hooked') return
  context.inputs.push('added')
  context.hookData['by'] = 'pre'
})
app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName === 'hooked') context.result = { body: `${(context.result as { body: string }).body}, ${String(context.hookData['by'])}` }
})
app.hook.log((context) => {
  if (context.category === 'user') context.message += ', seen by the hook'
})
app.http('hooked', { route: 'hooked', handler: (...args: unknown[]) => ({ body: String(args[1]) }) })
