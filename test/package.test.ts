import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { closureOf, makeClientPackage } from '../scripts/client-package.ts'
import { makeHttpClientPackage } from '../scripts/http-client-package.ts'
import { startTemporal, type TestTemporal } from './servers/temporal.ts'

// A compiler that checks the declarations of all packages takes its time on a machine with much to do.
vi.setConfig({ testTimeout: 300_000 })

const root = fileURLToPath(new URL('..', import.meta.url))
const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'perdure-package-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Packed {
  readonly filename: string
  /** Bytes, compressed. */
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

interface Manifest {
  readonly private?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifestIn = (place: string): Manifest => JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as Manifest
const declaredBy = ({ dependencies, peerDependencies }: Manifest): string[] => Object.keys({ ...dependencies, ...peerDependencies })

/** What `npm publish` would send. */
async function pack(place: string): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder, place], { cwd: root })
  const [packed] = JSON.parse(stdout) as Packed[]
  if (packed === undefined) throw new Error('nothing was packed')
  return packed
}

/** A project that has this package, and of other packages those alone that it declares, as they are here. */
async function projectWith(name: string, { filename }: Packed): Promise<string> {
  const project = join(folder, `project-${name}`)
  const place = join(project, 'node_modules', name)
  mkdirSync(place, { recursive: true })
  await run('tar', ['-xzf', join(folder, filename), '-C', place, '--strip-components', '1'])
  for (const dependency of [...declaredBy(manifestIn(place)), '@types/node']) {
    mkdirSync(join(project, 'node_modules', dirname(dependency)), { recursive: true })
    symlinkSync(join(root, 'node_modules', dependency), join(project, 'node_modules', dependency))
  }
  return project
}

/** Compiles examples as a strict project would, declarations of packages included; gives the errors. */
async function compile(project: string, examples: readonly string[], change = (source: string) => source, platform: object = { types: ['node'] }): Promise<string[]> {
  for (const name of examples) writeFileSync(join(project, name), change(readFileSync(join(root, 'examples', name), 'utf8')))
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }))
  const compilerOptions = { target: 'ES2023', lib: ['ES2023'], module: 'NodeNext', ...platform, outDir: 'out', strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const output = await run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project], { cwd: project }).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error as { readonly stdout: string }).stdout,
  )
  // Temporal's declarations are not for `exactOptionalPropertyTypes`, and need @types/ms.
  return output.split('\n').filter((line) => /: error /.test(line) && !line.includes('node_modules/@temporalio/'))
}

const allExamples = readdirSync(join(root, 'examples'))
const overHttp = allExamples.filter((name) => readFileSync(join(root, 'examples', name), 'utf8').includes("'perdure-http'"))
const built = (end: string) => readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(end))

describe('the package', () => {
  let packed: Packed
  let project: string
  let temporal: TestTemporal
  beforeAll(async () => {
    packed = await pack('.')
    project = await projectWith('perdure', packed)
    temporal = await startTemporal()
  })
  afterAll(() => temporal.stop())

  test('holds what is built, and nothing else; it can be published', () => {
    const others = packed.files.map(({ path }) => path).filter((path) => !/^dist\/(.*\.(js|js\.map|d\.ts)|page\/(index\.html|assets\/[^/]+\.(css|svg)))$/.test(path))
    expect(others.toSorted()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
    expect(packed.files.some(({ path }) => path === 'dist/page/index.html')).toBe(true)
    expect(packed.size).toBeLessThan(4_000_000)
    expect(manifestIn(root).private).toBeUndefined()
  })

  test('declares each package that it imports, and none that it does not', () => {
    const files = [...built('.js'), ...built('.d.ts')].filter((name) => !/^(workflow-bundle|page\/)/.test(name))
    const imported = new Set(files.flatMap((name) => [...closureOf(join(root, 'dist', name)).packages]))
    expect(declaredBy(manifestIn(root)).toSorted()).toEqual([...imported].toSorted())
  })

  test('compiles in a strict project, and runs an agent with a model of its own there [package:usable]', async () => {
    expect(await compile(project, allExamples.filter((name) => !overHttp.includes(name)))).toEqual([])
    const env = { ...process.env, TEMPORAL_ADDRESS: temporal.address, PERDURE_HOME: join(folder, 'home'), PERDURE_TASK_QUEUE: 'package' }
    const { stdout } = await run(process.execPath, [join(project, 'out', 'own-model.js')], { cwd: project, env })
    expect(stdout).toMatch(/completed \[[^]*You said: [^]*Pieces of eight!/)
    expect(stdout).toContain('agent-unknown')
  })

  test('shows lines of its sources in an error, as its maps hold the sources [package:usable]', async () => {
    const program = "import('perdure').then(({ readConfig }) => readConfig({ PERDURE_MODLE: 'x' }))"
    const failed = (await run(process.execPath, ['--enable-source-maps', '-e', program], { cwd: project }).catch((error: unknown) => error)) as { readonly stderr: string }
    expect(failed.stderr).toMatch(/throw new PerdureError\('config-invalid'[^]*at readConfig \(.*config\.ts:\d+:\d+\)/)
  })

  test('has the command line [package:usable]', async () => {
    const { stdout } = await run(process.execPath, [join(project, 'node_modules', 'perdure', 'dist', 'cli', 'main.js'), '--version'], { cwd: project })
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe('the client alone', () => {
  const made = join(folder, 'client')
  const ofClients = allExamples.filter((name) => !overHttp.includes(name) && !readFileSync(join(root, 'examples', name), 'utf8').includes('perdure/'))
  const renamed = (source: string) => source.replaceAll("'perdure'", "'perdure-client'")
  let packed: Packed
  beforeAll(async () => {
    makeClientPackage(made)
    packed = await pack(made)
  })

  test('is small: it brings neither the worker nor webpack, and no driver [package:usable]', async () => {
    const project = join(folder, 'installed')
    mkdirSync(project)
    writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }))
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', join(folder, packed.filename)], { cwd: project })
    const modules = join(project, 'node_modules')
    for (const name of ['@temporalio/worker', 'webpack', '@swc/core', 'openai', 'js-tiktoken', 'libsql', 'mongodb', '@qdrant/js-client-rest']) expect(existsSync(join(modules, name)), name).toBe(false)
    const files = readdirSync(modules, { recursive: true, encoding: 'utf8' }).map((name) => statSync(join(modules, name))).filter((stat) => stat.isFile())
    expect(files.length).toBeLessThan(4_200)
    expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(50_000_000)

    const program = "import('perdure-client').then(({ openStores }) => openStores({ kind: 'embedded', file: 'memory.db' })).catch(({ code, message }) => console.log(code, message))"
    const { stdout } = await run(process.execPath, ['-e', program], { cwd: project })
    expect(stdout).toContain("config-invalid these stores need libsql, which can't be found; run `npm install libsql`")
  })

  test('compiles what talks to agents, under its other name [package:usable client:sdk]', async () => {
    const project = await projectWith('perdure-client', packed)
    expect(ofClients.length).toBeGreaterThan(3)
    expect(await compile(project, ofClients, renamed)).toEqual([])
  })

  test('opens a connection with the driver that it was given [package:usable]', async () => {
    const temporal = await startTemporal()
    try {
      const project = await projectWith('perdure-client-running', packed)
      cpSync(join(project, 'node_modules', 'perdure-client-running'), join(project, 'node_modules', 'perdure-client'), { recursive: true })
      const program = "import('perdure-client').then(async ({ connect, readConfig }) => { const c = await connect(readConfig(process.env)); console.log(await c.client.list()); await c.close() })"
      const env = { ...process.env, TEMPORAL_ADDRESS: temporal.address, PERDURE_HOME: join(folder, 'home-of-client') }
      expect((await run(process.execPath, ['-e', program], { cwd: project, env })).stdout.trim()).toBe('[]')
    } finally {
      await temporal.stop()
    }
  })
})

describe('the client over HTTP', () => {
  const made = join(folder, 'http-client')
  let packed: Packed
  beforeAll(async () => {
    makeHttpClientPackage(made)
    packed = await pack(made)
  })

  test('brings nothing along, and names nothing of Node [package:usable http:client]', () => {
    expect(declaredBy(manifestIn(made))).toEqual([])
    const { files, packages } = closureOf(join(made, 'dist', 'index.js'))
    expect([...packages, ...[...files].filter((file) => /['"]node:|\bprocess\.\w|\bBuffer\b|\brequire\(/.test(readFileSync(file, 'utf8')))]).toEqual([])
    const others = packed.files.map(({ path }) => path).filter((path) => !/^dist\/.*\.(js|js\.map)$/.test(path))
    expect(others.toSorted()).toEqual(['LICENSE', 'README.md', 'dist/index.d.ts', 'package.json'])
    expect(packed.size).toBeLessThan(80_000)
  })

  test('compiles in a strict project of Node, and in one of a page [package:usable http:client]', async () => {
    const project = await projectWith('perdure-http', packed)
    expect(overHttp).not.toEqual([])
    expect(await compile(project, overHttp)).toEqual([])
    const inPage = (source: string) => source.replace("process.argv[2] ?? 'http://127.0.0.1:8283'", 'location.origin').replaceAll('process.stdout.write', 'document.body.append')
    expect(await compile(project, overHttp, inPage, { types: [], lib: ['ES2023', 'DOM', 'DOM.AsyncIterable'] })).toEqual([])
  })

  test('asks a server, and says by name where there is none [package:usable http:client]', async () => {
    const project = await projectWith('perdure-http-running', packed)
    cpSync(join(project, 'node_modules', 'perdure-http-running'), join(project, 'node_modules', 'perdure-http'), { recursive: true })
    const server = createServer((request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ agents: [{ key: request.url }] }))).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const program = `import('perdure-http').then(async ({ createClient }) => {
      console.log((await createClient({ url: '${url}' }).list())[0].key)
      await createClient({ url: 'http://127.0.0.1:1', patienceMs: 0 }).list().catch(({ name, code }) => console.log(name, code))
    })`
    const { stdout } = await run(process.execPath, ['-e', program], { cwd: project })
    server.close()
    expect(stdout).toBe('/api/v1/agents?limit=1000\nPerdureError server-unavailable\n')
  })
})
