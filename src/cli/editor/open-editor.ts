import { spawn } from 'node:child_process'
import { basename } from 'node:path'
import { messageOf } from '../../protocol/errors.ts'

/** Those with a window of their own come back at once if they are not told to wait, and then the text is read before anybody has written. */
const windows: readonly { readonly programs: readonly string[]; readonly option: string; readonly given: RegExp }[] = [
  { programs: ['code', 'code-insiders', 'codium', 'vscodium', 'cursor', 'windsurf', 'zed', 'zeditor', 'subl', 'atom', 'mate', 'bbedit', 'gedit'], option: '--wait', given: /\s(?:-w|--wait)(?:\s|$)/ },
  { programs: ['gvim', 'mvim'], option: '--nofork', given: /\s(?:-f|--nofork)(?:\s|$)/ },
  { programs: ['kate'], option: '--block', given: /\s(?:-b|--block)(?:\s|$)/ },
]

/**
 * Opens a file in the person's own editor (`VISUAL`, `EDITOR`, else vi), and waits for its end. Meanwhile the terminal is the editor's: nothing
 * here may read from it or write to it, and a Ctrl-C there is a key of the editor.
 * @returns what went wrong, undefined where nothing did
 */
export async function openEditor(file: string, env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const editor = [env.VISUAL, env.EDITOR].find((command) => command !== undefined && command.trim() !== '') ?? 'vi'
  const giveBack = withoutInterrupts()
  try {
    // By a shell, as the variable may hold arguments; the file's name needs no quoting beyond "$1".
    const failure = await ended(spawn('sh', ['-c', `${waiting(editor)} "$1"`, 'sh', file], { stdio: 'inherit' }))
    return failure === undefined ? undefined : `the editor ${JSON.stringify(editor)} has failed (${failure}); set VISUAL or EDITOR to one that works`
  } finally {
    giveBack()
  }
}

/** The command, told to wait until the file is closed. */
function waiting(command: string): string {
  const [, , program = ''] = /^\s*(["']?)(.*?)\1(?:\s|$)/.exec(command) ?? []
  const found = windows.find(({ programs }) => programs.includes(basename(program)))
  return found === undefined || found.given.test(command) ? command : `${command} ${found.option}`
}

/** Why it has failed, undefined where it has not. */
function ended(process: ReturnType<typeof spawn>): Promise<string | undefined> {
  return new Promise((resolve) => {
    process.once('error', (error) => resolve(messageOf(error)))
    process.once('exit', (status, signal) => resolve(status === 0 ? undefined : (signal ?? `status ${String(status)}`)))
  })
}

/** A terminal sends Ctrl-C to all programs in front, so also to this one. */
function withoutInterrupts(): () => void {
  const ignore = (): void => undefined
  const others = process.listeners('SIGINT')
  process.on('SIGINT', ignore)
  for (const other of others) process.off('SIGINT', other)
  return () => {
    for (const other of others) process.on('SIGINT', other)
    process.off('SIGINT', ignore)
  }
}
