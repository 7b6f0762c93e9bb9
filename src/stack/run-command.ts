import { spawn } from 'node:child_process'
import { pipeline } from 'node:stream'

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: NodeJS.ReadableStream
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
}

/**
 * Runs a command to its end and returns what it wrote to its standard output.
 * @throws Error with the last lines of its standard error; an `ENOENT` when there is no such command
 */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    })
    let output = ''
    let errors = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4_000)))
    let inputError: Error | undefined
    if (options.input !== undefined && child.stdin !== null) {
      pipeline(options.input, child.stdin, (error) => {
        // A command that reads no further closes its input (EPIPE): then its exit status says why.
        if (!error || error.code === 'EPIPE') return
        inputError = error
        child.kill('SIGKILL')
      })
    }
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (inputError !== undefined) reject(inputError)
      else if (code === 0) resolve(output)
      else reject(new Error(lastLines(errors, 3) || `${command} ended ${signal === null ? `with status ${code ?? 'unknown'}` : `by ${signal}`}`))
    })
  })
}

/** The last lines of a text that hold anything. */
export function lastLines(text: string, count: number): string {
  return text.split('\n').map((line) => line.trimEnd()).filter((line) => line !== '').slice(-count).join('\n')
}
