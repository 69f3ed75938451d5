// Puts the bundle together in deploy/databricks/dist, the compiled layers with it, and says how it is deployed.
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultDeployDir, definitionHash, layDown, layerFiles } from '@logpipe/databricks'
import { loadDefinition } from '@logpipe/definition'

const dir = defaultDeployDir()
const dist = join(dir, 'dist')
const files = await layerFiles(await loadDefinition())
await rm(dist, { recursive: true, force: true })
await layDown(files, dist)
for (const name of ['databricks.yml', 'resources']) await cp(join(dir, name), join(dist, name), { recursive: true })
process.stdout.write(`cd ${dist}\ndatabricks bundle deploy --target dev --var definition=${definitionHash(files)} --var storage_account=ACCOUNT\n`)
