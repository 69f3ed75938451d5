import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withBuildLock } from '../../python/build-lock.ts'
import { run } from '../../python/run.ts'
import { userCacheDir } from '../../python/virtual-environment.ts'

const VERSION = '3.3.4'
/** What Spark 3.4.1 lacks to read and write wasb, by hash; the rest of what hadoop-azure asks for is in PySpark. */
const JARS: Readonly<Record<string, string>> = {
  'hadoop-azure-3.3.4.jar': '37adcc23d4db068834acf2b21b6931b609a43cf0a9b4926c440f472af7abad01',
  'azure-storage-7.0.1.jar': '32249cf9b550e247e257c0a508f93526d35e072509aa637fd33b3d54e267b1e2',
  'azure-keyvault-core-1.0.0.jar': 'd8c6ca5bc1c50fd2c74d81b8731b67aa72fa5c9e086623439ba4e950138937a0',
  'hadoop-shaded-guava-1.1.1.jar': '66711253edbb9a172efbf12e8b4511cd413627d069e0f5a62ea475b4e14093f8',
  'jetty-util-9.4.43.v20210629.jar': '62786c3f838354a35fa7b66c8e9e7be968185ade18ed6b81c17f0e2e1ea225a0',
  'jetty-util-ajax-9.4.43.v20210629.jar': '40db3ae087aeea91aa85d2b3d8fdbf40174d44d4c1cef25d2890e096b51d24f8',
}
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>logpipe</groupId><artifactId>testbed</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.hadoop</groupId><artifactId>hadoop-azure</artifactId><version>${VERSION}</version></dependency></dependencies></project>
`

/** Paths of the jars, fetched once by Maven into the user's cache folder and held by hash. */
export async function hadoopAzureJars(): Promise<string[]> {
  const dir = join(userCacheDir(), `hadoop-azure-${VERSION}`)
  const paths = Object.keys(JARS).map((name) => join(dir, name))
  if (!existsSync(dir)) {
    await withBuildLock(`${dir}.lock`, async () => {
      if (!existsSync(dir)) await fetchJars(dir)
    })
  }
  return paths
}

async function fetchJars(dir: string): Promise<void> {
  const building = await mkdtemp(join(userCacheDir(), '.building-'))
  try {
    await writeFile(join(building, 'pom.xml'), POM)
    const { code, output } = await run('mvn', ['-q', '-B', '-f', join(building, 'pom.xml'), 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(building, 'all')}`])
    if (code !== 0) throw new Error(`hadoop-azure ${VERSION} cannot be fetched; install Maven (apt-get install maven): ${output.trim().slice(-500)}`)
    const made = join(building, 'jars')
    await mkdir(made)
    for (const [name, expected] of Object.entries(JARS)) {
      const file = join(building, 'all', name)
      const found = createHash('sha256').update(await readFile(file)).digest('hex')
      if (found !== expected) throw new Error(`${name}: sha256 ${found}, expected ${expected}`)
      await copyFile(file, join(made, name))
    }
    await rename(made, dir)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}
