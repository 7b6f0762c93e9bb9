import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newRingEntry } from '../src/codec/key-ring.ts'
import { readConfig, type Environment } from '../src/config/config.ts'
import { describeConfig, withoutCredentials } from '../src/config/describe.ts'
import { environmentOf } from '../src/config/environment.ts'
import { defineAgent } from '../src/definition/define-agent.ts'
import { PerdureError } from '../src/protocol/errors.ts'
import { samplingBounds } from '../src/protocol/sampling.ts'

function problemsOf(env: Environment): string {
  try {
    readConfig(env)
  } catch (error) {
    if (PerdureError.isInstance(error) && error.code === 'config-invalid') return error.message
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('what is not set', () => {
  test('leaves a simulated model, embedded memory, an own Temporal server, in a folder below the home', () => {
    expect(readConfig({})).toEqual({
      home: join(homedir(), '.perdure'),
      taskQueue: 'perdure',
      temporal: { namespace: 'default' },
      stores: { kind: 'embedded', file: join(homedir(), '.perdure', 'memory.db') },
      model: {
        kind: 'simulated',
        name: 'perdure-simulated',
        contextWindow: 32_000,
        toolChoice: 'auto',
        requestSeconds: 600,
        sampling: {}, toolFormat: 'auto',
        stream: true,
        embeddingModel: 'perdure-simulated-embedding',
        embeddingDimensions: 384,
      },
      uiText: false,
      prices: { 'perdure-simulated': { input: 0, cached: 0, output: 0 } },
      telemetry: { on: false, metricsAddress: '127.0.0.1:9464', logLevel: 'info' },
      encryption: [],
      codecServer: { address: '127.0.0.1:8234', tokens: [], origins: ['http://localhost:8233', 'http://127.0.0.1:8233'] },
      httpAddress: '127.0.0.1:8283',
      cachedAgents: 500,
      httpRequestsPerMinute: 600,
      frontEndTasks: 'aside',
      faults: {},
    })
  })

  test('is also what is empty, as a compose file passes it on', () => {
    expect(readConfig({ OPENAI_API_KEY: '', PERDURE_MODEL: ' ', MONGODB_URI: '' })).toEqual(readConfig({}))
  })

  test('does not fail on an empty HOME', () => {
    expect(readConfig({ HOME: '' }).home).toMatch(/^\/.*\.perdure$/)
  })
})

describe('what is set', () => {
  test('a key alone means an endpoint, so does a base URL alone', () => {
    expect(readConfig({ OPENAI_API_KEY: 'k' }).model).toMatchObject({ kind: 'endpoint', embeddingDimensions: 1536 })
    expect(readConfig({ OPENAI_BASE_URL: 'http://localhost:11434/v1' }).model.kind).toBe('endpoint')
  })

  test('both servers together hold the memory', () => {
    const { stores } = readConfig({ MONGODB_URI: 'mongodb://localhost/x', QDRANT_URL: 'http://localhost:6333' })
    expect(stores).toEqual({ kind: 'servers', mongodbUri: 'mongodb://localhost/x', qdrantUrl: 'http://localhost:6333' })
  })

  test.each([
    ['~', homedir()],
    ['~/agents', join(homedir(), 'agents')],
    ['relative', join(process.cwd(), 'relative')],
    ['/absolute', '/absolute'],
  ])('PERDURE_HOME=%s is the folder %s', (given, home) => {
    expect(readConfig({ PERDURE_HOME: given }).home).toBe(home)
  })

  test('comes back from the environment that another process is given', () => {
    const ring = [newRingEntry('a'), newRingEntry('b')].join(',')
    const config = readConfig({
      PERDURE_HOME: '/h', PERDURE_TASK_QUEUE: 'q', PERDURE_CACHED_AGENTS: '70', PERDURE_UI_PORT: '8234', PERDURE_TEMPORAL_CLI: '/t', PERDURE_MODEL: 'm', PERDURE_CONTEXT_WINDOW: '64000',
      PERDURE_EMBEDDING_MODEL: 'e', PERDURE_EMBEDDING_DIMENSIONS: '768', PERDURE_EMBEDDING_BASE_URL: 'http://localhost:8081/v1', PERDURE_EMBEDDING_API_KEY: 'e-key', PERDURE_EMBEDDING_PASSAGE_PREFIX: 'search_document: ', PERDURE_EMBEDDING_QUERY_PREFIX: 'search_query: ', PERDURE_REQUEST_SECONDS: '1800', PERDURE_TOOL_CHOICE: 'required', PERDURE_TOOL_FORMAT: 'text', PERDURE_STREAM: 'off', PERDURE_UI_TEXT: 'on',
      PERDURE_TEMPERATURE: '0.7', PERDURE_TOP_P: '0.9', PERDURE_SEED: '42', PERDURE_REASONING_EFFORT: 'low', PERDURE_MAX_OUTPUT_TOKENS: '4096', PERDURE_EXTRA_BODY: '{"top_k":40}',
      PERDURE_ENCRYPTION_KEYS: ring, PERDURE_CODEC_ADDRESS: '0.0.0.0:1',
      PERDURE_CODEC_TOKENS: 'a-token-of-length,another.token~16', PERDURE_CODEC_ORIGINS: 'https://ui',
      PERDURE_FAULT_POINT: 'p', PERDURE_FAULT_DIR: '/f', TEMPORAL_NAMESPACE: 'n', MONGODB_URI: 'mongodb://h/x',
      QDRANT_URL: 'https://h', QDRANT_API_KEY: 'k', OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://h/v1',
    })
    expect(readConfig(environmentOf(config))).toEqual(config)
    expect(environmentOf(config).PERDURE_ENCRYPTION_KEYS).toBe(ring)
  })
})

describe('how a model writes', () => {
  const variables = { temperature: 'PERDURE_TEMPERATURE', topP: 'PERDURE_TOP_P', seed: 'PERDURE_SEED', maxOutputTokens: 'PERDURE_MAX_OUTPUT_TOKENS' } as const

  test.each(Object.entries(samplingBounds) as [keyof typeof samplingBounds, readonly [number, number]][])('%s has the same bounds for all agents as for one [model:sampling]', (field, [least, most]) => {
    for (const value of [least, most]) {
      expect(readConfig({ [variables[field]]: String(value) }).model.sampling).toEqual({ [field]: value })
      expect(defineAgent({ id: 'ada', sampling: { [field]: value } }).sampling).toEqual({ [field]: value })
    }
    for (const value of [least - 1, most + 1]) {
      expect(problemsOf({ [variables[field]]: String(value) })).toContain(variables[field])
      expect(() => defineAgent({ id: 'ada', sampling: { [field]: value } })).toThrow(`sampling.${field}: `)
    }
  })
})

describe('what is wrong', () => {
  test.each<[Environment, RegExp]>([
    [{ PERDURE_MODLE: 'x' }, /PERDURE_MODLE is not a setting; did you mean PERDURE_MODEL\?/],
    [{ PERDURE_BASE_URL: 'http://localhost:1234/v1' }, /PERDURE_BASE_URL is not a setting; did you mean OPENAI_BASE_URL\?/],
    [{ PERDURE_OPENAI_API_KEY: 'k' }, /PERDURE_OPENAI_API_KEY is not a setting; did you mean OPENAI_API_KEY\?/],
    [{ PERDURE_MONGODB_URI: 'k' }, /did you mean MONGODB_URI\?/],
    [{ PERDURE_API_KEY: 'k' }, /PERDURE_API_KEY is not a setting; did you mean OPENAI_API_KEY\?/],
    [{ OPENAI_BASE_URL: '"http://localhost:1234/v1"' }, /^[^\n]*\n  OPENAI_BASE_URL stands in quotation marks[^\n]*$/],
    [{ OPENAI_API_KEY: "'sk-abc'", PERDURE_MODEL: ' "qwen3"' }, /PERDURE_MODEL stands in quotation marks.*\n.*OPENAI_API_KEY stands in quotation marks/],
    [{ OPENAI_API_KEY: 'sk-abc\nsk-def', TEMPORAL_API_KEY: '“t”', MONGODB_URI: 'mongodb://h/x', QDRANT_URL: 'http://h', QDRANT_API_KEY: 'q…' }, /TEMPORAL_API_KEY has a character that no request can send \(U\+201C\): copy it anew\n.*QDRANT_API_KEY has.*\n.*OPENAI_API_KEY has a character that no request can send \(U\+000A\)/],
    [{ OPENAI_API_KEY: 'Bearer sk-abc' }, /OPENAI_API_KEY begins with "Bearer"/],
    [{ OPENAI_API_KEY: ' bearer sk-abc' }, /OPENAI_API_KEY begins with "Bearer"/],
    [{ PERDURE_XYZZY_FROBNICATE: 'x' }, /not a setting; the settings are PERDURE_CONFIG, /],
    [{ PERDURE_CONTEXT_WINDOW: '32k' }, /PERDURE_CONTEXT_WINDOW is not a whole number; write one, like 128000/],
    [{ PERDURE_CONTEXT_WINDOW: '5' }, /PERDURE_CONTEXT_WINDOW must lie between 1000 and/],
    [{ PERDURE_TEMPORAL_PORT: '70000' }, /PERDURE_TEMPORAL_PORT must lie between 1 and 65535/],
    [{ PERDURE_TOOL_CHOICE: 'maybe' }, /PERDURE_TOOL_CHOICE must be auto or required/],
    [{ PERDURE_TOOL_FORMAT: 'json' }, /PERDURE_TOOL_FORMAT must be auto, native or text/],
    [{ PERDURE_UI_TEXT: 'perhaps' }, /PERDURE_UI_TEXT must be on or off/],
    [{ TEMPORAL_ADDRESS: 'http://localhost:7233' }, /TEMPORAL_ADDRESS is not an address; write host:port/],
    [{ TEMPORAL_ADDRESS: 'localhost' }, /TEMPORAL_ADDRESS is not an address; write host:port/],
    [{ TEMPORAL_ADDRESS: 'localhost:7233', PERDURE_UI_PORT: '1' }, /PERDURE_UI_PORT has no meaning beside TEMPORAL_ADDRESS/],
    [{ TEMPORAL_ADDRESS: 'localhost:7233', PERDURE_TEMPORAL_CLI: '/t' }, /PERDURE_TEMPORAL_CLI has no meaning beside TEMPORAL_ADDRESS/],
    [{ OPENAI_BASE_URL: 'http://localhost:1234/v1beta/embeddings' }, /OPENAI_BASE_URL ends in \/embeddings, as its requests do/],
    [{ OPENAI_BASE_URL: 'http://localhost:1234/v1/chat/completions/' }, /OPENAI_BASE_URL ends in \/chat\/completions\/, as its requests do by themselves: leave that out/],
    [{ OPENAI_API_KEY: 'k', PERDURE_EMBEDDING_MODEL: 'text-embedding-3-small', PERDURE_EMBEDDING_BASE_URL: 'http://localhost:1234/v1/embeddings' }, /PERDURE_EMBEDDING_BASE_URL ends in \/embeddings/],
    [{ OPENAI_BASE_URL: 'http://localhost:11434/api/chat' }, /OPENAI_BASE_URL ends in \/api\/chat, which is Ollama's own interface: end it in \/v1/],
    [{ OPENAI_BASE_URL: 'https://api.example/v1#x' }, /OPENAI_BASE_URL has a "#"/],
    [{ OPENAI_BASE_URL: 'localhost:11434' }, /OPENAI_BASE_URL is not an address; write one that begins with http/],
    [{ PERDURE_BUILD_ID: '0.2.0' }, /PERDURE_DEPLOYMENT is missing beside PERDURE_BUILD_ID/],
    [{ PERDURE_DEPLOYMENT: 'a.b' }, /PERDURE_DEPLOYMENT is no name of a deployment/],
    [{ MONGODB_URI: 'mongodb://h/x' }, /QDRANT_URL is missing beside MONGODB_URI/],
    [{ QDRANT_URL: 'http://h' }, /MONGODB_URI is missing beside QDRANT_URL/],
    [{ MONGODB_URI: 'http://h', QDRANT_URL: 'http://h' }, /MONGODB_URI is not a MongoDB connection string/],
    [{ PERDURE_ENCRYPTION_KEYS: 'a:b' }, /PERDURE_ENCRYPTION_KEYS entry 1 has a key that is not 32 bytes in base64/],
    [{ PERDURE_CODEC_ADDRESS: '8234' }, /PERDURE_CODEC_ADDRESS is not an address; write host:port/],
    [{ PERDURE_CODEC_TOKENS: 'long-enough-token-1,short' }, /PERDURE_CODEC_TOKENS token 2 is not at least 16 letters/],
    [{ PERDURE_CODEC_TOKENS: 'with/a/slash/in/the/middle' }, /PERDURE_CODEC_TOKENS token 1 is not/],
    [{ PERDURE_CODEC_ORIGINS: 'http://localhost:8233,*' }, /PERDURE_CODEC_ORIGINS origin 2 is not scheme, host and port alone/],
    [{ PERDURE_CODEC_ORIGINS: 'http://localhost:8233/' }, /PERDURE_CODEC_ORIGINS origin 1 is not scheme, host and port alone/],
    [{ OPENAI_API_KEY: 'k', PERDURE_EMBEDDING_BASE_URL: 'http://localhost:8081/v1' }, /PERDURE_EMBEDDING_MODEL is missing beside PERDURE_EMBEDDING_BASE_URL/],
    [{ OPENAI_API_KEY: 'k', PERDURE_EMBEDDING_API_KEY: 'e' }, /PERDURE_EMBEDDING_BASE_URL is missing beside PERDURE_EMBEDDING_API_KEY/],
    [{ PERDURE_TEMPERATURE: 'hot' }, /PERDURE_TEMPERATURE is not a number; write one, like 0.7/],
    [{ PERDURE_TOP_P: '2' }, /PERDURE_TOP_P must lie between/],
    [{ PERDURE_EXTRA_BODY: 'top_k=40' }, /PERDURE_EXTRA_BODY is no JSON object; write one, like \{"top_k":40\}/],
    [{ PERDURE_EXTRA_BODY: '{"messages":[],"seed":1}' }, /PERDURE_EXTRA_BODY can't have the field messages.*\n.*PERDURE_EXTRA_BODY can't have the field seed, which has a setting/],
    [{ PERDURE_REQUEST_SECONDS: '0' }, /PERDURE_REQUEST_SECONDS must lie between 1 and 14400/],
    [{ OPENAI_API_KEY: 'k', PERDURE_EMBEDDING_MODEL: 'nomic' }, /PERDURE_EMBEDDING_DIMENSIONS is missing beside PERDURE_EMBEDDING_MODEL/],
  ])('is refused with what would be right: %o', (env, problem) => {
    expect(problemsOf(env)).toMatch(problem)
  })

  test('is reported all at once', () => {
    const problems = problemsOf({ PERDURE_MODLE: 'x', PERDURE_TOOL_CHOICE: 'maybe', MONGODB_URI: 'mongodb://h/x' })
    for (const name of ['PERDURE_MODLE', 'PERDURE_TOOL_CHOICE', 'QDRANT_URL']) expect(problems).toContain(name)
  })

  test('is reported without the value, which may be a secret', () => {
    const openAI = { OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: 'sk-2' }
    const ours = { PERDURE_ENCRYPTION_KEYS: 'hunter2,a:hunter2', PERDURE_CODEC_TOKENS: 'hunter2' }
    expect(problemsOf({ MONGODB_URI: 'mongo://user:hunter2@h', ...openAI, ...ours })).not.toMatch(/hunter2|sk-/)
  })
})

describe('what is in force', () => {
  test('is described without secrets', () => {
    const lines = describeConfig(
      readConfig({
        MONGODB_URI: 'mongodb://user:hunter2@a:1,b:2/x?authSource=admin',
        QDRANT_URL: 'https://u:hunter2@q:6333',
        QDRANT_API_KEY: 'hunter2',
        OPENAI_API_KEY: 'hunter2',
        OPENAI_BASE_URL: 'https://host/v1?key=hunter2',
        TEMPORAL_ADDRESS: 'cloud:7233',
        TEMPORAL_API_KEY: 'hunter2',
      }),
    ).join('\n')
    expect(lines).not.toContain('hunter2')
    for (const part of ['a:1,b:2/x', 'https://***@q:6333', 'https://host/v1', 'cloud:7233, namespace default, with a key']) expect(lines).toContain(part)
  })

  test('masks a password that holds an at sign', () => {
    expect(withoutCredentials('mongodb://user:p@ss@host/db')).toBe('mongodb://***@host/db')
    expect(withoutCredentials('mongodb://user:p/s@host/db')).toBe('mongodb://***@host/db')
  })

  test('says that a simulated model answers', () => {
    expect(describeConfig(readConfig({})).join('\n')).toContain('simulated, as neither OPENAI_API_KEY nor OPENAI_BASE_URL is set')
  })
})
