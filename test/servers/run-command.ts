import { spawn } from 'node:child_process'
import { findOnPath } from '../../src/stack/temporal/temporal-cli.ts'

/** The first executable of that name on `PATH`. */
export function onPath(command: string): string | undefined {
  return findOnPath(command, process.env['PATH'] ?? '')
}

/** Runs a command to its end; what it writes goes to stderr, so that a long fetch is seen to move. */
export function runCommand(command: string, commandArguments: readonly string[], options: { cwd?: string; timeoutMs: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      cwd: options.cwd,
      stdio: ['ignore', process.stderr, process.stderr],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`${command} ended with ${signal ?? `code ${code ?? 'unknown'}`}`))
    })
  })
}
