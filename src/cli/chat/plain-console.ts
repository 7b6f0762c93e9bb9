import { createInterface } from 'node:readline'
import { noColours } from '../output/palette.ts'
import type { ChatConsole } from './console.ts'
import { withoutTerminal } from './piped-console.ts'

/** For a terminal that can't move its cursor (`TERM=dumb`): lines, one below the other. Its own line editing is all there is, and Ctrl-C ends the chat. */
export function plainConsole({ input, output }: { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream }): ChatConsole {
  const reader = createInterface({ input, terminal: false })
  const incoming = reader[Symbol.asyncIterator]()
  const write = (text: string): void => void output.write(`${text}\n`)
  return {
    ...withoutTerminal,
    interactive: true,
    wraps: true,
    palette: noColours,
    get columns() {
      return output.columns
    },
    next: async () => {
      output.write('you> ')
      const line = await incoming.next()
      return line.done === true ? undefined : { text: line.value, pasted: false }
    },
    print: write,
    remark: write,
    close: () => reader.close(),
  }
}
