/**
 * Makes docs/chat.svg: types a conversation into a real `npm start` in a terminal (tmux) and draws what the terminal shows.
 * Needs tmux, and a build.
 *
 *   npx tsx scripts/picture.ts
 */
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { terminalSvg } from './picture/terminal-svg.ts'

const home = '/tmp/perdure'
const columns = 112
const rows = 90
const messages = [
  "Hello! I'm Ada, and I live in Lisbon.",
  'By the way, I live in Porto.',
  'Remember that the key of the boathouse hangs behind the blue clock.',
  'Where did the key of the boathouse hang originally?',
]
const title = 'A chat: the agent edits its core memory, files a note into archival memory, and searches both memories for an answer.'
const patienceMs = 300_000

const tmux = (...args: readonly string[]): string => execFileSync('tmux', ['-L', 'perdure-picture', ...args], { encoding: 'utf8' })
const screen = (): string => tmux('capture-pane', '-p')

async function until(shown: (text: string) => boolean): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (!shown(screen())) {
    if (Date.now() > deadline) throw new Error(`the terminal does not show what was expected:\n${screen()}`)
    await sleep(200)
  }
}

async function type(line: string, shown: (text: string) => boolean): Promise<void> {
  tmux('send-keys', '-l', line)
  tmux('send-keys', 'Enter')
  await until(shown)
}

/** The last two lines: the prompt, and below it what the turn has taken. */
const atRest = (text: string): boolean => /\nyou>[^\n]*\n\d+ steps? · [^\n]* s$/.test(text.trimEnd())

/** The command, the conversation from its first line on, and the prompt: without npm's own words, and without what `/memory` says after the stores. */
function conversationOf(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const begin = lines.findIndex((line) => line.includes(' is new'))
  const end = lines.findIndex((line) => line.includes('The context window'))
  return [...lines.slice(0, 1), ...lines.slice(begin, end), ...lines.slice(-2)].join('\n')
}

if (existsSync(home)) throw new Error(`${home} exists; the picture is made with a new home: remove that one first`)
const folder = fileURLToPath(new URL('..', import.meta.url))
tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', folder, '-e', `PERDURE_HOME=${home}`, "env PS1='$ ' bash --norc")
try {
  await until((text) => text.startsWith('$'))
  await type('npm start', (text) => text.includes('/exit leaves'))
  for (const message of messages) {
    await type(message, (text) => {
      const [, answer = ''] = text.split(`you> ${message}`)
      return answer.includes('simulated> ') && atRest(text)
    })
  }
  await type('/memory', (text) => text.includes('calibrated'))
  const picture = terminalSvg(conversationOf(tmux('capture-pane', '-e', '-p')), { columns, title })
  writeFileSync(new URL('../docs/chat.svg', import.meta.url), picture)
  await type('/exit', (text) => text.trimEnd().endsWith('$'))
} finally {
  tmux('kill-server')
  rmSync(home, { recursive: true, force: true })
}
