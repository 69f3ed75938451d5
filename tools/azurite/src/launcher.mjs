import { createRequire } from 'node:module'

// Azurite saves its metadata only when it is asked to end, so losing the parent must be a SIGTERM too, and only one: a second kills it.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The channel alone must not keep the process up once the server is closed.
process.channel?.unref()
createRequire(import.meta.url)('azurite/dist/src/blob/main.js')
