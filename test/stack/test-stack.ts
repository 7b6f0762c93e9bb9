import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { readConfig, type Config, type Environment } from '../../src/config/config.ts'
import { isAlive, type ProcessIdentity } from '../../src/stack/process-identity.ts'
import { loader } from '../../src/stack/own-script.ts'
import { ensureStack, type EnsureStackOptions, type RunningStack } from '../../src/stack/stack.ts'
import { stackStatus, type StackStatus } from '../../src/stack/stack-status.ts'
import type { StackChild } from '../../src/stack/stack-state.ts'
import { stopStack } from '../../src/stack/stop-stack.ts'

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const entry = [compiled('./fake-entry.ts')]

/** As Node runs it by itself: the loader of TypeScript would cost each of many processes more than all that they do. */
function compiled(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-script-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'script.mjs')
  const { outputText } = ts.transpileModule(readFileSync(here(script), 'utf8'), { compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext } })
  writeFileSync(file, outputText)
  return file
}

/** A stack on a folder of its own, with stand-ins for worker and model: what is tested is how they are looked after. */
export interface TestStack {
  readonly config: Config
  start(options?: Partial<EnsureStackOptions>): Promise<RunningStack>
  /** Another process that uses the stack until it is killed; done when it does. */
  startUser(): Promise<ChildProcess>
  running(): Extract<StackStatus, { running: true }>['state']
  child(name: StackChild['name']): ProcessIdentity
  supervisorLog(): string
  end(): Promise<void>
}

export function testStack(env: Environment = {}): TestStack {
  const home = mkdtempSync(join(tmpdir(), 'perdure-stack-'))
  const given = { PERDURE_HTTP_ADDRESS: '127.0.0.1:0', ...env, PERDURE_HOME: home }
  const config = readConfig(given)
  const users: ChildProcess[] = []
  const running = () => {
    const status = stackStatus(config)
    if (!status.running) throw new Error('no stack runs')
    return status.state
  }
  return {
    config,
    start: (options = {}) => ensureStack({ config, mode: 'attached', onProgress: () => undefined, entry, ...options }),
    startUser: async () => {
      const user = spawn(process.execPath, [...loader(), here('./user-process.ts'), ...entry], {
        env: { ...process.env, ...given },
        stdio: ['ignore', 'pipe', 'inherit'],
        // A process group of its own, as a shell gives each command, to which Ctrl-C goes.
        detached: true,
      })
      users.push(user)
      await new Promise<void>((resolve, reject) => {
        user.stdout.once('data', () => resolve())
        user.once('exit', (status) => reject(new Error(`the other process ended with status ${status ?? 'unknown'}`)))
      })
      return user
    },
    running,
    child: (name) => {
      const process = running().children.find((child) => child.name === name && child.ready)?.process
      if (process === undefined) throw new Error(`${name} does not run`)
      return process
    },
    supervisorLog: () => readFileSync(join(home, 'logs', 'supervisor.log'), 'utf8'),
    end: async () => {
      for (const user of users) user.kill('SIGKILL')
      await stopStack({ config, immediately: true })
    },
  }
}

/** The processes of the stack as they are now, to ask later which of them live. */
export function processesOf(stack: TestStack): ProcessIdentity[] {
  const { supervisor, children } = stack.running()
  return [supervisor, ...children.flatMap((child) => child.process ?? [])]
}

export const livingOf = (processes: readonly ProcessIdentity[]): ProcessIdentity[] => processes.filter((process) => isAlive(process))
