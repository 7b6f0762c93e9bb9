import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { readConfig, type Config } from '../src/config/config.ts'
import { environmentOf } from '../src/config/environment.ts'
import { configuration } from '../src/operations/doctor/checks/configuration.ts'
import { examine } from '../src/operations/doctor/examine.ts'
import { readDocument } from '../scripts/snippets.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
/** A settings file with this text. */
function fileWith(text: string, mode = 0o600): string {
  const file = join(folder, `settings-${(files += 1)}.toml`)
  writeFileSync(file, text, { mode })
  return file
}

const configOf = (text: string, env: NodeJS.ProcessEnv = {}): Config => readConfig({ ...env, PERDURE_CONFIG: fileWith(text) })
const problemsOf = (text: string, env: NodeJS.ProcessEnv = {}): string => {
  try {
    configOf(text, env)
  } catch (error) {
    return String(error)
  }
  throw new Error('the file was accepted')
}

describe('a settings file', () => {
  test('sets what variables set: texts, numbers, true and false, lists', () => {
    const text = 'PERDURE_MODEL = "m"\nPERDURE_CONTEXT_WINDOW = 64_000\nPERDURE_UI_TEXT = true\nPERDURE_CODEC_ORIGINS = ["https://a", "https://b"]\n'
    const config = configOf(text)
    expect(config).toEqual(readConfig({ PERDURE_MODEL: 'm', PERDURE_CONTEXT_WINDOW: '64000', PERDURE_UI_TEXT: 'on', PERDURE_CODEC_ORIGINS: 'https://a,https://b' }))
    expect(config.model.contextWindow).toBe(64_000)
  })

  test('has numbers where numbers are wanted, in any writing, and a text of digits where a text is', () => {
    const written = configOf('PERDURE_CONTEXT_WINDOW = 0xfa00\nPERDURE_TEMPERATURE = 1.0\nPERDURE_SEED = "7"\nPERDURE_TELEMETRY = 1\nPERDURE_BUILD_ID = "1.10"\nPERDURE_DEPLOYMENT = "007"\n')
    expect(written).toEqual(readConfig({ PERDURE_CONTEXT_WINDOW: '64000', PERDURE_TEMPERATURE: '1', PERDURE_SEED: '7', PERDURE_TELEMETRY: 'on', PERDURE_BUILD_ID: '1.10', PERDURE_DEPLOYMENT: '007' }))
  })

  test('is below the environment; a variable that is empty sets nothing', () => {
    const text = 'PERDURE_MODEL = "of the file"\nPERDURE_TASK_QUEUE = "of-the-file"'
    const { model, taskQueue } = configOf(text, { PERDURE_MODEL: 'of the environment', PERDURE_TASK_QUEUE: '' })
    expect([model.name, taskQueue]).toEqual(['of the environment', 'of-the-file'])
  })

  test('is not read where none is wanted, nor again by a process that was given all of it', () => {
    expect(readConfig({ PERDURE_CONFIG: 'none' })).toEqual(readConfig({}))
    const config = configOf('PERDURE_MODEL = "m"\nPERDURE_UI_PORT = 8500')
    expect(environmentOf(config)).toMatchObject({ PERDURE_CONFIG: 'none', PERDURE_MODEL: 'm', PERDURE_UI_PORT: '8500' })
    expect(readConfig(environmentOf(config))).toEqual(config)
  })

  test.each<[string, RegExp]>([
    ['PERDURE_MODLE = "x"', /PERDURE_MODLE in \S+\.toml is not a setting; did you mean PERDURE_MODEL\?/],
    ['OPENAI_APIKEY = "x"', /OPENAI_APIKEY in \S+\.toml is not a setting; did you mean OPENAI_API_KEY\?/],
    ['[model]\nname = "x"', /model in \S+\.toml is not a setting; its keys are the names of the variables, like PERDURE_MODEL/],
    ['PERDURE_CONFIG = "other.toml"', /PERDURE_CONFIG in \S+\.toml is not a setting/],
    ['PERDURE_MODEL = { name = "x" }', /PERDURE_MODEL in \S+\.toml is neither a text, a number, true or false, nor a list of texts/],
    ['PERDURE_BUILD_ID = 1.10', /PERDURE_BUILD_ID in \S+\.toml is a number where a text is wanted; write it in quotation marks, like PERDURE_BUILD_ID = "…"/],
    ['OPENAI_API_KEY = 0x10', /OPENAI_API_KEY in \S+\.toml is a number where a text is wanted/],
    ['PERDURE_MODEL = 4.0', /PERDURE_MODEL in \S+\.toml is a number where a text is wanted/],
    ['PERDURE_TENANT = true', /PERDURE_TENANT in \S+\.toml is true or false where a text is wanted/],
    ['PERDURE_CONTEXT_WINDOW = "32k"', /PERDURE_CONTEXT_WINDOW is not a whole number; write one, like 128000 \(PERDURE_CONTEXT_WINDOW in \S+\.toml\)/],
    ['MONGODB_URI = "mongodb://h/x"', /QDRANT_URL is missing beside MONGODB_URI.* \(MONGODB_URI in \S+\.toml\)/],
  ])('is refused with what would be right: %s', (text, problem) => {
    expect(problemsOf(text)).toMatch(problem)
  })

  test('and a variable that contradict each other are refused, and it is said which stands in the file', () => {
    expect(problemsOf('PERDURE_UI_PORT = 8500', { TEMPORAL_ADDRESS: 'localhost:7233' })).toMatch(/PERDURE_UI_PORT has no meaning beside TEMPORAL_ADDRESS; remove one of the two \(PERDURE_UI_PORT in /)
  })

  test('that is not there, or is no TOML, is an error that says where, and shows nothing of it', () => {
    expect(() => readConfig({ PERDURE_CONFIG: '/nowhere/perdure.toml' })).toThrow(/PERDURE_CONFIG names \/nowhere\/perdure\.toml, which can't be read \(ENOENT\)/)
    const broken = problemsOf('PERDURE_MODEL = "m"\nOPENAI_API_KEY = hunter2')
    expect(broken).toMatch(/which is no TOML: see line 2, column \d+/)
    expect(broken).not.toContain('hunter2')
  })

  test('that is wrong is reported without its values, which may be secrets', () => {
    const text = 'MONGODB_URI = "mongo://user:hunter2@h"\nPERDURE_CODEC_TOKENS = ["hunter2"]\nOPENAI_API_KEY = { key = "hunter2" }\nOPENAI_BASE_URL = "hunter2"'
    expect(problemsOf(text)).not.toContain('hunter2')
  })

  test('as the documents show it is accepted', () => {
    const [, shown = ''] = /```toml\n([^]*?)```/.exec(readDocument('docs/configuration.md')) ?? []
    expect(configOf(shown).model).toMatchObject({ name: 'gpt-4.1', contextWindow: 128_000 })
    expect(configOf(shown).prices['gpt-4.1']).toEqual({ input: 2, cached: 0.5, output: 8 })
  })
})

describe('a settings file that was found, and not named', () => {
  afterEach(() => vi.restoreAllMocks())
  const text = 'PERDURE_MODEL = "m"\nOPENAI_BASE_URL = "http://elsewhere/v1"\n'
  const found = (content: string, env: NodeJS.ProcessEnv = {}): Config => {
    writeFileSync(join(folder, 'perdure.toml'), content, { mode: 0o600 })
    vi.spyOn(process, 'cwd').mockReturnValue(folder)
    return readConfig({ ...env, PERDURE_CONFIG: 'found' })
  }

  test('is named where it is no TOML, and no variable that nobody has set', () => {
    expect(() => found('PERDURE_MODEL =')).toThrow(/[^ ]+perdure\.toml is no TOML: see line 1/)
    expect(() => found('PERDURE_MODEL =')).not.toThrow(/PERDURE_CONFIG/)
  })

  test('has no program run and no fault happen', () => {
    for (const name of ['PERDURE_TEMPORAL_CLI', 'PERDURE_FAULT_POINT', 'PERDURE_FAULT_DIR'])
      expect(() => found(`${name} = "x"`)).toThrow(new RegExp(`${name} in \\S+perdure\\.toml says what is run; if you trust this file, name it: PERDURE_CONFIG=perdure\\.toml`))
    expect(readConfig({ PERDURE_CONFIG: join(folder, 'perdure.toml') }).faults.dir).toBeDefined()
  })

  test('has no key of the environment sent anywhere', () => {
    expect(() => found(text, { OPENAI_API_KEY: 'key' })).toThrow(/OPENAI_BASE_URL in \S+perdure\.toml says where OPENAI_API_KEY of the environment is sent/)
    expect(() => found('QDRANT_URL = "http://q"\nMONGODB_URI = "mongodb://m"', { QDRANT_API_KEY: 'key' })).toThrow(/QDRANT_URL in/)
    expect(() => found('TEMPORAL_ADDRESS = "t:1"', { TEMPORAL_API_KEY: 'key' })).toThrow(/TEMPORAL_ADDRESS in/)
  })

  test('sets all else, an address with its own key too, and one that the environment sets itself', () => {
    expect(found(text).model).toMatchObject({ name: 'm', baseUrl: 'http://elsewhere/v1' })
    expect(found(`${text}OPENAI_API_KEY = "own"`).model).toMatchObject({ apiKey: 'own', baseUrl: 'http://elsewhere/v1' })
    expect(found(text, { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://here/v1' }).model).toMatchObject({ name: 'm', apiKey: 'key', baseUrl: 'http://here/v1' })
  })
})

describe('the doctor', () => {
  const diagnose = (env: NodeJS.ProcessEnv) => examine({ env: { PERDURE_HOME: join(folder, 'home'), ...env }, checks: [configuration] })

  test('says where each setting was set, and shows no secret', async () => {
    const file = fileWith('PERDURE_MODEL = "m"\nOPENAI_API_KEY = "hunter2"\nPERDURE_TASK_QUEUE = "q"')
    const { examined } = await diagnose({ PERDURE_CONFIG: file, PERDURE_TASK_QUEUE: 'other' })
    const found = examined.flatMap(({ findings }) => findings.map((finding) => finding.found))
    expect(found).toEqual(['usable, from the environment: PERDURE_CONFIG, PERDURE_HOME, PERDURE_TASK_QUEUE', `usable, from ${file}: PERDURE_MODEL, OPENAI_API_KEY`])
    expect(JSON.stringify(examined)).not.toContain('hunter2')
  })

  test('warns of a file with secrets that others can read', async () => {
    const secret = fileWith('OPENAI_API_KEY = "hunter2"', 0o644)
    expect((await diagnose({ PERDURE_CONFIG: secret })).examined[0]?.findings.at(-1)).toEqual({ level: 'warning', found: `${secret} holds secrets, and others on this machine may read it`, advice: `chmod 600 ${secret}` })
    expect((await diagnose({ PERDURE_CONFIG: fileWith('PERDURE_MODEL = "m"', 0o644) })).examined[0]?.level).toBe('ok')
  })

  test('reports all that is wrong with the file, and with the environment', async () => {
    const file = fileWith('PERDURE_MODLE = "x"\nPERDURE_CONTEXT_WINDOW = 5')
    const { examined, failure } = await diagnose({ PERDURE_CONFIG: file, PERDURE_TOOL_CHOICE: 'maybe' })
    const found = examined.flatMap(({ findings }) => findings.map((finding) => finding.found)).join('\n')
    for (const part of ['PERDURE_MODLE in ', 'PERDURE_CONTEXT_WINDOW must lie', 'PERDURE_TOOL_CHOICE must be']) expect(found).toContain(part)
    expect(failure).toBe('usage')
  })
})
