import headless from '@xterm/headless'
import { spawn } from '@lydell/node-pty'
import { vi } from 'vitest'
import { commandLine, commandEnvironment, userEnvironment } from './run-perdure.ts'

/** A program in a pseudo-terminal, with a terminal emulator behind it that says what a person would see. */
export interface OpenTerminal {
  /** Keys as a terminal sends them. */
  type(keys: string): void
  /** A line, and Enter. */
  enter(line: string): void
  /** The rows that are visible now, without blanks at their ends. */
  screen(): string
  /** The visible rows, and all that was scrolled out above them. */
  all(): string
  /** Waits until the screen shows it; fails with the screen. */
  shows(expected: string | RegExp, options?: { readonly timeoutMs?: number }): Promise<void>
  /** Everything that was written, escape sequences too. */
  written(): string
  /** Until the line stands above the prompt, and the prompt is back: bold again, as it is faint while something is on its way. */
  isSent(line: string): Promise<void>
  resize(columns: number, rows: number): void
  kill(signal: NodeJS.Signals): void
  readonly exited: Promise<number>
}

export const keys = { enter: '\r', altEnter: '\u001b\r', escape: '\u001b', tab: '\t', up: '\u001b[A', down: '\u001b[B', left: '\u001b[D', ctrl: (letter: string) => String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 64) } as const

/** As a terminal sends a text that is pasted into a program that has asked for bracketed paste. */
export const pasted = (text: string): string => `\u001b[200~${text.replaceAll('\n', '\r')}\u001b[201~`

interface Options {
  readonly columns?: number
  readonly rows?: number
  readonly env?: NodeJS.ProcessEnv
}

const usualTerminal = { LANG: 'C.UTF-8', TERM: 'xterm-256color' }

/** The command line in one. */
export function openTerminal(home: string, args: readonly string[], { env, ...size }: Options = {}): OpenTerminal {
  return terminalOf([process.execPath, ...commandLine(), ...args], { ...size, env: commandEnvironment(home, { ...usualTerminal, ...env }) })
}

export function terminalOf([program = '', ...args]: readonly string[], { columns: cols = 80, rows = 24, env = { ...userEnvironment(), ...usualTerminal } }: Options = {}): OpenTerminal {
  const emulator = new headless.Terminal({ cols, rows, scrollback: 5_000, allowProposedApi: true })
  const pty = spawn(program, args, { name: env.TERM ?? '', cols, rows, env })
  let written = ''
  pty.onData((data) => {
    written += data
    emulator.write(data)
  })
  emulator.onData((answer) => pty.write(answer))
  const exited = new Promise<number>((resolve) => pty.onExit(({ exitCode, signal }) => resolve(signal === undefined || signal === 0 ? exitCode : 128 + signal)))
  const lines = (from: number): string => {
    const { active } = emulator.buffer
    return Array.from({ length: active.length - from }, (_, row) => active.getLine(from + row)?.translateToString(true) ?? '').join('\n').trimEnd()
  }
  const screen = (): string => lines(emulator.buffer.active.baseY)
  return {
    type: (typed) => pty.write(typed),
    enter: (line) => pty.write(`${line}\r`),
    screen,
    all: () => lines(0),
    shows: (expected, { timeoutMs = 30_000 } = {}) =>
      vi.waitFor(
        () => {
          const seen = screen()
          if (typeof expected === 'string' ? !seen.includes(expected) : !expected.test(seen)) throw new Error(`the screen does not show ${String(expected)}:\n${seen}`)
        },
        { timeout: timeoutMs, interval: 20 },
      ),
    isSent: (line) =>
      vi.waitFor(
        () => {
          const seen = screen()
          const rows = seen.split('\n')
          const prompt = rows.findLastIndex((row) => row.startsWith('you>'))
          const cell = emulator.buffer.active.getLine(emulator.buffer.active.baseY + prompt)?.getCell(0)
          if (!rows.slice(0, prompt).some((row) => row === `you> ${line}`) || !cell?.isBold()) throw new Error(`${line} is not sent, as the screen shows:\n${seen}`)
        },
        { timeout: 30_000, interval: 20 },
      ),
    written: () => written,
    resize: (columns, lines) => {
      emulator.resize(columns, lines)
      pty.resize(columns, lines)
    },
    kill: (signal) => pty.kill(signal),
    exited,
  }
}
