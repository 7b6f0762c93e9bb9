import { writeFileSync } from 'node:fs'
import { terminalConsole } from '../../src/cli/chat/terminal-console.ts'

// A chat's console in a process of its own. Arguments: the files of its history and of the process's id.
const [, , historyFile = '', pidFile = ''] = process.argv
writeFileSync(pidFile, String(process.pid))
const chat = terminalConsole({ input: process.stdin, output: process.stdout, historyFile })
// A chat has connections that keep it alive.
setInterval(() => undefined, 1_000)
for (;;) {
  const entered = await chat.next()
  if (entered === undefined) break
  chat.echo(entered.text)
}
chat.close()
process.exit()
