import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { variableNames, type VariableName } from '../src/config/variables.ts'

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')
const compose = read('docker-compose.yml')
/** The lines of each part that begins at the margin of its level: `x-…` at the top, services below `services:`. */
const parts = (text: string, margin: string): Map<string, string> =>
  new Map(text.split(new RegExp(`^(?=${margin}[\\w-]+:)`, 'm')).map((part) => [part.trimStart().split(':')[0] ?? '', part]))
const top = parts(compose, '')
const services = parts((top.get('services') ?? '').replace(/^services:\n/, ''), '  ')
services.delete('')

/** What the file itself decides. */
const fixed: readonly VariableName[] = ['TEMPORAL_ADDRESS', 'MONGODB_URI', 'QDRANT_URL', 'PERDURE_CODEC_ADDRESS', 'PERDURE_HTTP_ADDRESS']
/** What has no meaning in a container. */
const leftOut: Readonly<Partial<Record<VariableName, string>>> = {
  PERDURE_CONFIG: 'the file itself sets everything',
  PERDURE_HOME: 'nothing is kept in a container',
  PERDURE_TEMPORAL_PORT: 'of the server that `npm start` brings up',
  PERDURE_UI_PORT: 'of the server that `npm start` brings up',
  PERDURE_TEMPORAL_CLI: 'of the server that `npm start` brings up',
  TEMPORAL_API_KEY: 'for Temporal Cloud; the server here has none',
  PERDURE_FAULT_POINT: 'for tests',
  PERDURE_FAULT_DIR: 'for tests',
}

describe('the compose file', () => {
  test('names the image after the version of the package', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string }
    expect([...compose.matchAll(/image: perdure:(\S+)/g)].map(([, tag]) => tag)).toEqual([version])
  })

  test('passes on every setting of docs/configuration.md but those that it decides itself, and those without meaning there', () => {
    const lines = (top.get('x-perdure') ?? '') + (services.get('codec-server') ?? '') + (services.get('server') ?? '')
    const passed = variableNames.filter((name) => new RegExp(`^ +${name}: \\$\\{${name}:-(?:[^{}]|\\$\\{[^}]*\\})*\\}$`, 'm').test(lines))
    const set = variableNames.filter((name) => new RegExp(`^ +${name}: (?!\\$\\{${name}:)\\S`, 'm').test(lines))
    expect(set.toSorted()).toEqual(fixed.toSorted())
    expect([...passed, ...fixed, ...Object.keys(leftOut)].toSorted()).toEqual(variableNames.toSorted())
    for (const [name] of read('docs/configuration.md').matchAll(/OTEL_[A-Z_]+/g)) expect(lines).toContain(`${name}: \${${name}:-}`)
  })

  test('names at its top each password and port that may be set, and lets the Web UI ask the codec server whatever its port', () => {
    const [head = ''] = compose.split(/^name:/m)
    const taken = new Set(Array.from(compose.matchAll(/\$\{([A-Z_]+)/g), ([, name = '']) => name))
    expect([...taken].filter((name) => /PASSWORD|PORT$/.test(name) && !head.includes(name))).toEqual([])
    const [port] = /\$\{TEMPORAL_UI_PORT:-\d+\}/.exec(services.get('temporal-ui') ?? '') ?? []
    expect(services.get('codec-server')).toContain(`:-http://localhost:${port ?? ''},http://127.0.0.1:${port ?? ''}}`)
  })

  test('publishes ports to this machine alone, and none of a database', () => {
    const ports = [...services].flatMap(([name, part]) => Array.from(part.matchAll(/^ {6}- (\S+:\d+)$/gm), ([, port = '']) => [name, port]))
    expect(ports.map(([name]) => name)).toEqual(['codec-server', 'server', 'temporal', 'temporal-ui'])
    for (const [, port] of ports) expect(port).toMatch(/^(?:127\.0\.0\.1:|\$\{PERDURE_HTTP_ADDRESS:-127\.0\.0\.1:)/)
  })

  test('keeps the logs of every service within a bound, and starts again what ends', () => {
    expect(top.get('x-logging')).toMatch(/max-size: \d+m\n +max-file: "\d+"/)
    const whole = [...services].map(([name, part]) => [name, `${part}${part.includes('*perdure\n') ? top.get('x-perdure') : ''}${part.includes('*admin-tools\n') ? top.get('x-admin-tools') : ''}`] as const)
    expect(whole.length).toBeGreaterThan(8)
    expect(whole.filter(([, part]) => !part.includes('logging: *logging')).map(([name]) => name)).toEqual([])
    expect(whole.filter(([, part]) => !/restart: (unless-stopped|on-failure)/.test(part)).map(([name]) => name)).toEqual(['chat'])
  })

  test('has the same version of Temporal in the server and in the tools that make its schema, and the number of its shards', () => {
    const versions = Array.from(compose.matchAll(/image: temporalio\/(?:server|admin-tools):(\S+)/g), ([, tag]) => tag)
    expect(versions).toHaveLength(2)
    expect(new Set(versions).size).toBe(1)
    expect(services.get('temporal')).toMatch(/NUM_HISTORY_SHARDS: \$\{NUM_HISTORY_SHARDS:-512\}/)
  })

  test('gives Perdure a user of MongoDB that is not its root', () => {
    const root = /MONGO_INITDB_ROOT_USERNAME: (\w+)/.exec(compose)?.[1]
    const user = /mongodb:\/\/(\w+):/.exec(compose)?.[1]
    expect([root, user]).toEqual(['root', 'perdure'])
    expect(read('deploy/mongodb/create-user.js')).toContain(`user: '${user ?? ''}', pwd, roles`)
    expect(services.get('mongodb')).toContain('./deploy/mongodb:/docker-entrypoint-initdb.d:ro')
  })
})
