import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { simulatedEmbedder, simulatedModel } from '../../src/simulated/index.ts'
import { diagnosisLines } from '../../src/cli/commands/doctor.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import { connectTemporal } from '../../src/client/connect-temporal.ts'
import { parkedQuery, statusAttribute } from '../../src/protocol/search-attributes.ts'
import { polledLately } from '../../src/operations/doctor/checks/workers.ts'
import { examine, type Diagnosis } from '../../src/operations/doctor/examine.ts'
import { failure, ok, type Check, type Finding, type Level } from '../../src/operations/doctor/check.ts'
import { disk } from '../../src/operations/doctor/checks/home-folder.ts'
import { ofVersion } from '../../src/operations/doctor/checks/node-version.ts'
import { secretsIn } from '../../src/operations/doctor/secrets.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { openServerStores } from '../../src/stores/servers.ts'
import { createWorker } from '../../src/worker/create-worker.ts'
import { commandLine, runPerdure, userEnvironment } from '../cli/run-perdure.ts'
import { startMongo } from '../servers/mongo.ts'
import { startQdrant } from '../servers/qdrant.ts'
import { describeWithServer, isUnavailable } from '../servers/require-server.ts'
import { startTemporal, type TestTemporal } from '../servers/temporal.ts'
import { completion, imitateEndpoint, type ImitatedEndpoint } from '../support/imitated-endpoint.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const mongo = await startMongo()
const qdrant = await startQdrant()
let temporal: TestTemporal
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let home: string
beforeAll(async () => {
  temporal = await startTemporal()
  folder = await temporaryFolder()
  home = join(folder.path, 'home')
})
afterAll(async () => {
  await temporal.stop()
  await folder.remove()
  for (const server of [mongo, qdrant]) if (!isUnavailable(server)) await server.stop()
})
let endpoint: ImitatedEndpoint | undefined
afterEach(() => endpoint?.close())

function found(diagnosis: Diagnosis, check: string, about?: string): Finding | undefined {
  return diagnosis.examined.find((examined) => examined.check === check)?.findings.find((finding) => finding.about === about)
}
const passageOf = (agentId: string) => ({ passage: { agentId, op: `${agentId}/1/1/1`, text: 'x', tags: [], source: 's', at: '2026-01-01T00:00:00.000Z' }, vector: [1, 0, 0] })
const levelOf = (diagnosis: Diagnosis, check: string): Level | undefined => diagnosis.examined.find((examined) => examined.check === check)?.level

describe('the doctor', () => {
  test('finds nothing wrong where nothing runs and nothing is set [doctor]', async () => {
    const diagnosis = await examine({ env: { PERDURE_HOME: home, PATH: process.env.PATH } })
    expect(diagnosis).toMatchObject({ healthy: true })
    expect(diagnosis.examined.map(({ check }) => check)).toEqual(['Node.js', 'configuration', 'home folder', 'local stack', 'Temporal', 'memory file', 'model'])
    expect(diagnosis.examined.filter(({ level }) => level !== 'ok')).toEqual([])
    expect(diagnosisLines(diagnosis, noColours).at(-1)).toBe('All is well.')
  })

  test('names every problem of the settings at once, and looks at the rest all the same [doctor]', async () => {
    const diagnosis = await examine({ env: { PERDURE_HOME: home, PERDURE_MODLE: 'x', PERDURE_TOOL_FORMAT: 'json', MONGODB_URI: 'mongodb://h/x', TEMPORAL_ADDRESS: 'http://nowhere' } })
    expect(diagnosis).toMatchObject({ healthy: false, failure: 'usage' })
    const problems = diagnosis.examined.find(({ check }) => check === 'configuration')?.findings.map((finding) => finding.found).join('\n')
    for (const name of ['PERDURE_MODLE', 'PERDURE_TOOL_FORMAT', 'QDRANT_URL is missing', 'TEMPORAL_ADDRESS']) expect(problems).toContain(name)
    expect(found(diagnosis, 'Temporal')).toMatchObject({ level: 'warning', found: expect.stringContaining('TEMPORAL_ADDRESS') as string })
    expect(found(diagnosis, 'MongoDB')).toMatchObject({ level: 'warning' })
    expect(levelOf(diagnosis, 'home folder')).toBe('ok')
  })

  const bad: readonly [what: string, env: Record<string, string>, check: string, says: RegExp, advises: RegExp][] = [
    ['a home that is no folder', { PERDURE_HOME: '/dev/null/home' }, 'home folder', /can't be written to/, /PERDURE_HOME/],
    ['a home on a file system for reading only', { PERDURE_HOME: '/proc/home' }, 'home folder', /can't be written to/, /PERDURE_HOME/],
    ['a Temporal server that is not there', { TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'Temporal', /127\.0\.0\.1:1 can't be reached/, /TEMPORAL_ADDRESS/],
    ['a model that is not there', { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }, 'model', /no connection/, /OPENAI_BASE_URL/],
  ]
  test.each(bad)('says what is wrong with %s, and what to do [doctor]', async (_, env, check, says, advises) => {
    const diagnosis = await examine({ env: { PERDURE_HOME: home, ...env } })
    const wrong = diagnosis.examined.find((examined) => examined.check === check)?.findings.find(({ level }) => level === 'failure')
    expect(wrong?.found).toMatch(says)
    expect(wrong?.advice).toMatch(advises)
  })

  test('finds a refused key by asking the model, and a missing tool call by itself [doctor]', async () => {
    endpoint = await imitateEndpoint(() => ({ status: 401, body: { error: { message: 'Incorrect API key provided' } } }))
    const diagnosis = await examine({ env: { PERDURE_HOME: home, OPENAI_BASE_URL: endpoint.url, OPENAI_API_KEY: 'wrong-key' } })
    expect(found(diagnosis, 'model', 'key')).toMatchObject({ level: 'failure', advice: expect.stringContaining('OPENAI_API_KEY') as string })
    expect(diagnosis.failure).toBe('unavailable')
    const without = await examine({ env: { PERDURE_HOME: home, OPENAI_BASE_URL: endpoint.url }, without: ['model'] })
    expect(without.healthy).toBe(true)
  })

  test('names what other programs read in place of a setting that is not set [doctor]', async () => {
    const settingsOf = async (env: Record<string, string>) => (await examine({ env: { PERDURE_HOME: home, ...env }, without: ['model'] })).examined.find(({ check }) => check === 'configuration')?.findings.filter(({ level }) => level === 'warning')
    expect(await settingsOf({ OPENAI_API_BASE: 'http://localhost:1234/v1', OPENAI_MODEL: 'qwen3', PERDURE_MODEL: 'qwen3' })).toMatchObject([{ found: 'OPENAI_API_BASE is set, and Perdure does not read it', advice: 'set OPENAI_BASE_URL, if the same is meant here' }])
    expect(await settingsOf({ OPENAI_API_BASE: 'http://localhost:1234/v1', OPENAI_BASE_URL: 'http://localhost:1234/v1' })).toEqual([])
  })

  test('knows an old Node.js and a full disk [doctor]', () => {
    expect(['18.20.1', '20.18.0', '20.19.0', '22.1.0'].map((version) => ofVersion(version).level)).toEqual(['failure', 'failure', 'ok', 'ok'])
    expect([1e6, 5e8, 5e10].map((free) => disk(free).level)).toEqual(['failure', 'warning', 'ok'])
  })

  test('finds a home that others can enter [doctor]', async () => {
    const open = join(folder.path, 'open')
    mkdirSync(open)
    chmodSync(open, 0o755)
    expect(found(await examine({ env: { PERDURE_HOME: open } }), 'home folder', 'permissions')).toMatchObject({ level: 'warning', advice: `chmod 700 ${open}` })
  })

  test('finds a memory file damaged, one of another embedding model, and one that is sound [doctor]', async () => {
    const sound = join(folder.path, 'sound')
    const stores = await openEmbeddedStores({ file: join(sound, 'memory.db') })
    await stores.archival.insert([passageOf('a')], { model: 'other', dimensions: 3 })
    await stores.close()
    const diagnosis = await examine({ env: { PERDURE_HOME: sound } })
    expect(found(diagnosis, 'memory file', 'integrity')).toMatchObject({ level: 'ok', found: 'sound' })
    expect(found(diagnosis, 'memory file', 'permissions')).toBeUndefined()
    chmodSync(join(sound, 'memory.db'), 0o644)
    expect(found(await examine({ env: { PERDURE_HOME: sound } }), 'memory file', 'permissions')).toMatchObject({
      level: 'warning',
      advice: expect.stringContaining(`chmod 600 ${join(sound, 'memory.db')}`) as string,
    })
    expect(found(diagnosis, 'memory file', 'archival memory')).toMatchObject({ level: 'failure', advice: expect.stringContaining('PERDURE_EMBEDDING_MODEL to other') as string })
    const broken = join(folder.path, 'broken')
    mkdirSync(broken, { mode: 0o700 })
    writeFileSync(join(broken, 'memory.db'), 'this is no database, and long enough to be looked at as one'.repeat(100))
    expect(levelOf(await examine({ env: { PERDURE_HOME: broken } }), 'memory file')).toBe('failure')
  })

  test('goes on where one check fails or never ends, and takes others that are added [doctor]', async () => {
    const check = (name: string, run: Check['run']): Check => ({ name, settings: [], failure: 'failure', run })
    const diagnosis = await examine({
      env: { PERDURE_HOME: home },
      limitMs: 50,
      checks: [check('breaks', () => Promise.reject(new Error('broken'))), check('hangs', () => new Promise(() => undefined)), check('works', () => Promise.resolve([ok('fine')]))],
    })
    expect(diagnosis.examined.map(({ level }) => level)).toEqual(['failure', 'failure', 'ok'])
    expect(found(diagnosis, 'breaks')?.found).toBe('broken')
    expect(found(diagnosis, 'hangs')?.found).toContain('no answer within')
  })
})

describe('the doctor asks Temporal', () => {
  const asked = (env: Record<string, string> = {}) =>
    examine({ env: { PERDURE_HOME: home, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace, PERDURE_TASK_QUEUE: 'doctor', ...env } })

  test('for its version, the namespace with its retention, search attributes and workers [doctor]', async () => {
    const diagnosis = await asked()
    expect(found(diagnosis, 'Temporal')?.found).toMatch(/version \d+\.\d+/)
    expect(found(diagnosis, 'Temporal', 'namespace')?.found).toMatch(/kept for \d/)
    expect(found(diagnosis, 'Temporal', 'search attributes')).toMatchObject({ level: 'ok' })
    expect(found(diagnosis, 'workers')).toMatchObject({ level: 'warning', found: expect.stringContaining('messages wait') as string })
    expect(diagnosis.healthy).toBe(true)
  })

  test('which names a dead worker for minutes: only those count that have asked for work of late [doctor]', () => {
    const [alive, dead] = [{ identity: 'alive', lastAccessTime: { seconds: 1_000 } }, { identity: 'dead', lastAccessTime: { seconds: 900 } }]
    expect(polledLately([alive, dead], 1_030_000)).toEqual([alive])
    expect(polledLately([{ identity: 'never' }], 1_030_000)).toEqual([])
  })

  test('and finds a worker that is there [doctor]', async () => {
    const connection = await NativeConnection.connect({ address: temporal.address })
    const stores = await openEmbeddedStores({ file: join(folder.path, 'worker.db') })
    const worker = await createWorker({ connection, namespace: temporal.namespace, taskQueue: 'doctor-with-worker', stores, model: simulatedModel(), embedder: simulatedEmbedder() })
    const diagnosis = await worker.runUntil(async () => {
      let last = await asked({ PERDURE_TASK_QUEUE: 'doctor-with-worker' })
      for (let tries = 0; tries < 20 && levelOf(last, 'workers') !== 'ok'; tries += 1) last = await asked({ PERDURE_TASK_QUEUE: 'doctor-with-worker' })
      return last
    })
    expect(found(diagnosis, 'workers')?.found).toMatch(/^1 on the task queue doctor-with-worker/)
    await stores.close()
    await connection.close()
  })

  test('how many agents are parked, of those whose workflow runs [doctor]', async () => {
    const connection = await connectTemporal({ address: temporal.address })
    const { workflow } = new Client({ connection, namespace: temporal.namespace })
    const start = (workflowId: string) =>
      workflow.start('agent', { workflowId, taskQueue: 'nobody', args: [], typedSearchAttributes: [{ key: statusAttribute, value: 'parked' }] })
    const handles = [await start('agent:parked-1'), await start('agent:parked-2')]
    await expect.poll(async () => found(await asked(), 'agents')?.found, { timeout: 30_000 }).toBe('2 are parked')
    expect(found(await asked(), 'agents')).toMatchObject({ level: 'warning', advice: expect.stringContaining(parkedQuery) as string })
    for (const handle of handles) await handle.terminate('the test is over')
    await expect.poll(async () => found(await asked(), 'agents'), { timeout: 30_000 }).toMatchObject({ level: 'ok', found: 'none is parked' })
    await connection.close()
  })

  test('and names a namespace that is not there, with the command that makes it [doctor]', async () => {
    const diagnosis = await asked({ TEMPORAL_NAMESPACE: 'nowhere' })
    expect(found(diagnosis, 'Temporal', 'namespace')).toMatchObject({ level: 'failure', advice: expect.stringContaining('namespace create --namespace nowhere') as string })
    expect(levelOf(diagnosis, 'workers')).toBe('warning')
    expect(diagnosis.failure).toBe('unavailable')
  })
})

describeWithServer('the doctor asks MongoDB and Qdrant', isUnavailable(mongo) ? mongo : isUnavailable(qdrant) ? qdrant : { mongo, qdrant }, (servers) => {
  const env = (more: Record<string, string> = {}) => ({ PERDURE_HOME: home, MONGODB_URI: servers.mongo.uri, QDRANT_URL: servers.qdrant.uri, ...more })

  test('whether they can be used, and whether archival memory fits the embedding model [doctor]', async () => {
    const before = await examine({ env: env() })
    expect(found(before, 'MongoDB', 'writes')).toMatchObject({ level: 'ok' })
    const stores = await openServerStores({ mongodbUri: servers.mongo.uri, qdrantUrl: servers.qdrant.uri })
    await stores.archival.insert([passageOf('doctor')], { model: 'other', dimensions: 3 })
    await stores.close()
    const diagnosis = await examine({ env: env() })
    expect(found(diagnosis, 'MongoDB', 'indexes')).toMatchObject({ level: 'ok' })
    expect(found(diagnosis, 'Qdrant')?.found).toMatch(/version \d/)
    expect(found(diagnosis, 'Qdrant', 'collection perdure-passages')).toMatchObject({ level: 'failure', found: expect.stringContaining('other, 3 dimensions') as string })
    expect(diagnosis.examined.map(({ check }) => check)).not.toContain('memory file')
  })

  test('and names each that is away [doctor]', async () => {
    const diagnosis = await examine({ env: env({ MONGODB_URI: 'mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=500', QDRANT_URL: 'http://127.0.0.1:9' }) })
    expect(found(diagnosis, 'MongoDB')).toMatchObject({ level: 'failure', found: expect.stringContaining('127.0.0.1:1') as string })
    expect(found(diagnosis, 'Qdrant')).toMatchObject({ level: 'failure', found: expect.stringContaining('127.0.0.1:9') as string })
  })
})

describe('no secret', () => {
  const marker = 'Marker%2BOfASecret'
  const key = Buffer.alloc(32, 'MarkerOfASecret').toString('base64')
  const secrets = (host: string) => ({
    TEMPORAL_API_KEY: `t-${marker}`,
    MONGODB_URI: `mongodb://ada:m-${marker}@${host}/x?serverSelectionTimeoutMS=500&proxyPassword=p-${marker}`,
    QDRANT_URL: `http://ada:q-${marker}@${host}/?api_key=r-${marker}`,
    QDRANT_API_KEY: `s-${marker}`,
    OPENAI_API_KEY: `u-${marker}`,
    OPENAI_BASE_URL: `http://ada:v-${marker}@${host}/v1?api_key=w-${marker}`,
    PERDURE_ENCRYPTION_KEYS: `k1:${key}`,
    PERDURE_CODEC_TOKENS: `token-MarkerOfASecret-1,token-MarkerOfASecret-2`,
  })
  const basic = Buffer.from(`ada:v-${decodeURIComponent(marker)}`).toString('base64')
  const leaks = (text: string) => ['Marker', key, basic].filter((secret) => text.includes(secret))

  test('is shown by the command, in its table, its JSON or its errors, with servers that repeat what they are told [doctor]', async () => {
    // Whatever it is asked, it says all that it was told.
    endpoint = await imitateEndpoint((request) => ({ status: 400, body: { error: { message: `${request.route} ${decodeURIComponent(request.route)} ${JSON.stringify(request.headers)}` } } }))
    const host = new URL(endpoint.url).host
    for (const env of [secrets(host), { ...secrets(host), PERDURE_ENCRYPTION_KEYS: `k1:${marker}`, PERDURE_CODEC_TOKENS: marker, MONGODB_URI: `mongo://ada:${marker}@x`, TEMPORAL_ADDRESS: '127.0.0.1:1' }]) {
      for (const args of [['doctor'], ['doctor', '--json']]) {
        const { output, errors, status } = await runPerdure(home, args, { env: { ...env, DEBUG: '1' } })
        expect(status).not.toBe(0)
        expect(output.join('\n')).toMatch(/configuration/)
        expect(leaks(output.join('\n') + errors)).toEqual([])
      }
    }
    expect(endpoint.requests.length).toBeGreaterThan(0)
  })

  test('is left in a text in any of its forms [doctor]', () => {
    const known = secretsIn(secrets('h'))
    for (const prefix of ['t', 'm', 'p', 'q', 'r', 's', 'u', 'v', 'w']) expect(known).toEqual(expect.arrayContaining([`${prefix}-${marker}`, `${prefix}-Marker+OfASecret`]))
    expect(known).toContain(key)
    expect(known).toContain('token-MarkerOfASecret-2')
    expect(known).not.toContain('ada')
  })
})

test('the command line reads perdure.toml of the folder in which it is started, unless PERDURE_CONFIG names another, or none [doctor]', async () => {
  mkdirSync(home, { recursive: true })
  const file = join(home, 'perdure.toml')
  writeFileSync(file, 'PERDURE_MODLE = "x"')
  const inFolder = (env: NodeJS.ProcessEnv) =>
    promisify(execFile)(process.execPath, [...commandLine(), 'doctor', '--no-model'], { cwd: home, env: { ...userEnvironment(), PERDURE_HOME: home, ...env } }).then(
      ({ stdout }) => stdout,
      (error: unknown) => (error as { readonly stdout: string }).stdout,
    )
  expect((await inFolder({})).replace(/\s+/g, ' ')).toContain(`PERDURE_MODLE in ${file} is not a setting; did you mean PERDURE_MODEL?`)
  expect(await inFolder({ PERDURE_CONFIG: 'none' })).not.toContain('PERDURE_MODLE')
  // Nobody has set PERDURE_CONFIG, so nothing is said of it.
  writeFileSync(file, 'PERDURE_MODEL = ')
  expect((await inFolder({})).replace(/\s+/g, ' ')).toContain(`${file} is no TOML: see line 1`)
  writeFileSync(file, 'PERDURE_MODEL = "m"')
  const found = await inFolder({})
  expect(found.replace(/\s+/g, ' ')).toContain(`from ${file}: PERDURE_MODEL`)
  expect(found).not.toContain('PERDURE_CONFIG')
  expect((await inFolder({ PERDURE_CONFIG: file })).replace(/\s+/g, ' ')).toContain('PERDURE_CONFIG')
})

test('the doctor ends with the exit status of what matters most, and prints a line for each finding [doctor]', async () => {
  endpoint = await imitateEndpoint((request) =>
    request.route.includes('embeddings') ? { body: { data: [{ embedding: [1, 2] }] } } : completion({ content: null, tool_calls: [{ id: 'c', function: { name: 'note', arguments: '{}' } }] }),
  )
  const env = { OPENAI_BASE_URL: endpoint.url, PERDURE_MODEL: 'm', PERDURE_EMBEDDING_MODEL: 'e', PERDURE_EMBEDDING_DIMENSIONS: '2' }
  const well = await runPerdure(home, ['doctor'], { env })
  expect(well).toMatchObject({ status: 0, errors: '' })
  expect(well.output.join('\n')).toMatch(/✓ model +m at http[^]*✓ {3}tool calls +native[^]*No problem|All is well/)
  const wrong = await runPerdure(home, ['doctor'], { env: { ...env, PERDURE_EMBEDDING_DIMENSIONS: '3' } })
  expect(wrong.status).toBe(4)
  expect(wrong.output.join('\n')).toMatch(/✗ {3}embeddings +e has 2 dimensions, and 3 are configured\n +→ set PERDURE_EMBEDDING_DIMENSIONS to 2/)
  expect((await runPerdure(home, ['doctor', '--no-model'], { env: { ...env, PERDURE_MODLE: 'x' } })).status).toBe(2)
  const read = JSON.parse((await runPerdure(home, ['doctor', '--json', '--no-model'])).output.join('\n')) as Diagnosis
  expect(read.healthy).toBe(true)
  expect(failure('a', 'b').level).toBe('failure')
})
