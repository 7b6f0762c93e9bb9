import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { standardEntry } from '../../src/stack/stack-children.ts'
import { builtCommand, isBuilt } from '../support/built-command.ts'

export interface Ran {
  readonly status: number | null
  /** Lines of standard output. */
  readonly output: readonly string[]
  readonly errors: string
}

/** The built one starts in a third of the time. */
const built = isBuilt()

/**
 * As arguments of Node: the built one where it is of the present sources, as the project sees to, or a build before; else from the sources. Either
 * takes its own kind for the processes that it starts.
 */
export const commandLine = (): readonly string[] => (built ? [builtCommand] : standardEntry())

/** The tests' own environment without what it sets for Perdure, and without what tells Node that a terminal has no colours. */
export const userEnvironment = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PERDURE|TEMPORAL|OPENAI|MONGODB|QDRANT)_|^CI$/.test(name)))

/** What the command line has in a test; its server over HTTP, where there is one, at a free port. */
export const commandEnvironment = (home: string, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({ ...userEnvironment(), PERDURE_HTTP_ADDRESS: '127.0.0.1:0', PERDURE_HOME: home, ...env })

/** Starts the command line as a process of its own. */
export function startPerdure(home: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...commandLine(), ...args], { env: commandEnvironment(home, env), stdio: 'pipe' })
}

/** The same, to its end. */
export function runPerdure(home: string, args: readonly string[], options: { readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = startPerdure(home, args, options.env)
    let output = ''
    let errors = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output: output.split('\n').filter((line) => line !== ''), errors }))
    // A command that refuses its options does not read its input.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
  })
}
