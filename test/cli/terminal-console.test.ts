import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { readHistory } from '../../src/cli/chat/history-file.ts'
import { keys, terminalOf, type OpenTerminal } from './open-terminal.ts'

let opened: { readonly terminal?: OpenTerminal; readonly pidFile: string } | undefined
afterEach(() => {
  opened?.terminal?.kill('SIGKILL')
  try {
    if (opened !== undefined) process.kill(pidIn(opened.pidFile), 'SIGKILL')
  } catch {
    // It has ended.
  }
  opened = undefined
})

const pidIn = (file: string): number => Number(readFileSync(file, 'utf8'))

function consoleCommand() {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-console-'))
  const [historyFile, pidFile] = [join(folder, 'history'), join(folder, 'pid')]
  const script = fileURLToPath(new URL('console-process.ts', import.meta.url))
  return { folder, historyFile, pidFile, command: [process.execPath, '--import', import.meta.resolve('tsx'), script, historyFile, pidFile] }
}

/** The console as a job of whatever program. */
function startedBy(wrap: (command: string) => readonly string[]) {
  const { command, ...files } = consoleCommand()
  const terminal = terminalOf(wrap(command.join(' ')))
  opened = { terminal, pidFile: files.pidFile }
  return { ...files, terminal, signal: (signal: NodeJS.Signals) => process.kill(pidIn(files.pidFile), signal) }
}

/** A terminal that is gone when its process is: what it runs, it runs in a pseudo-terminal. */
const windowProgram = `
import { spawn } from '@lydell/node-pty'
const pty = spawn(process.argv[1], process.argv.slice(2), { name: 'xterm-256color' })
pty.onData((data) => process.stdout.write(data))
process.stdin.on('data', (data) => pty.write(data.toString()))
`

const bracketedPaste = { on: '\u001b[?2004h', off: '\u001b[?2004l' }

describe('a chat that a signal ends', () => {
  test.each(['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('keeps what is being typed, leaves the terminal as it was, and ends by that signal: %s [cli:typed-is-kept cli:chat]', async (name) => {
    const { terminal, signal, historyFile } = startedBy((command) => ['sh', '-c', `${command}; echo "status $?"; stty -a; exec sleep 60`])
    await terminal.shows('you>')
    terminal.type('half a line')
    await terminal.shows('you> half a line')
    signal(name)
    await terminal.shows(new RegExp(`status ${String(128 + constants.signals[name])}\\b`))
    await terminal.shows(/(?<!-)\bicanon\b[^]*(?<!-)\becho\b/)
    expect(terminal.screen()).not.toContain('you>')
    expect(terminal.written().lastIndexOf(bracketedPaste.off)).toBeGreaterThan(terminal.written().lastIndexOf(bracketedPaste.on))
    expect(readHistory(historyFile)).toEqual(['half a line'])
  })

  test('keeps what is being typed when its window is closed, with a paste that has not come to its end [cli:typed-is-kept]', async () => {
    const { command, historyFile, pidFile } = consoleCommand()
    opened = { pidFile }
    const window = spawn(process.execPath, ['--input-type=module', '-e', windowProgram, ...command])
    let written = ''
    window.stdout.setEncoding('utf8').on('data', (data: string) => (written += data))
    await vi.waitFor(() => expect(written).toContain('you>'), { timeout: 20_000 })
    window.stdin.write('half a line, \u001b[200~and a pa')
    await vi.waitFor(() => expect(written).toContain('half a line'), { timeout: 20_000 })
    window.kill('SIGKILL')
    await vi.waitFor(() => expect(() => process.kill(pidIn(pidFile), 0)).toThrow('ESRCH'), { timeout: 20_000 })
    expect(readHistory(historyFile)).toEqual(['half a line, and a pa'])
  })
})

describe('a chat that is suspended by Ctrl-Z', () => {
  const shell = ['bash', '--norc', '--noprofile', '-i']
  const starters: readonly (readonly [string, (command: string, folder: string) => string])[] = [
    ['by the shell itself', (command) => command],
    ['by a program that waits for it', (command) => `sh -c '${command}; echo ended'`],
    ['by npm', (command, folder) => {
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start: command } }))
      return `npm --prefix ${folder} start`
    }],
  ]
  test.each(starters)('gives the terminal to the shell, and is there again with what was being typed: started %s [cli:chat]', async (_, line) => {
    const { command, folder, historyFile, pidFile } = consoleCommand()
    const terminal = terminalOf(shell, { env: { ...process.env, TERM: 'xterm-256color', PS1: 'SHELL$ ' } })
    opened = { terminal, pidFile }
    await terminal.shows('SHELL$')
    terminal.enter(line(command.join(' '), folder))
    await terminal.shows(/^you>/m)
    terminal.type('half')
    await terminal.shows('you> half')
    terminal.type(keys.ctrl('z'))
    await terminal.shows(/SHELL\$ *$/)
    terminal.enter('stty -a')
    await terminal.shows(/(?<!-)\bicanon\b[^]*SHELL\$ *$/)
    terminal.enter('fg')
    await terminal.shows(/you> half$/)
    terminal.enter(' a line')
    await terminal.shows(/^you> half a line\nyou>$/m)
    expect(readHistory(historyFile)).toEqual(['half a line'])
  })

  test('goes on at once where there is no shell that could let it [cli:chat]', async () => {
    const { terminal } = startedBy((command) => ['sh', '-c', `exec ${command}`])
    await terminal.shows('you>')
    terminal.type(`half${keys.ctrl('z')} a line`)
    await terminal.shows('you> half a line')
  })
})

describe('a chat into which a text is pasted by a terminal that does not mark it', () => {
  test('draws once for each piece that comes, not for each key [cli:chat]', async () => {
    const { terminal } = startedBy((command) => ['sh', '-c', `exec ${command}`])
    await terminal.shows('you>')
    terminal.type('lorem ipsum '.repeat(1_700) + 'the end')
    await terminal.shows('the end')
    // A terminal gives a program at most some 4 KB at once, and at least some 100 characters of so much.
    expect(terminal.written().split('\u001b[?2026h').length).toBeLessThan(210)
  })
})
