import { createInterface } from 'node:readline'
import { noColours } from '../output/palette.ts'
import { screenSize } from '../../stack/screen-size.ts'
import type { Running } from '../with-agents.ts'
import type { ChatConsole } from './console.ts'
import { withoutTerminal } from './piped-console.ts'

interface Streams extends Pick<Running, 'takeInterrupts'> {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
}

const prompt = 'you> '

/** For a terminal that can't move its cursor (`TERM=dumb`): lines, one below the other. Its own line editing is all there is: it clears the line at Ctrl-C. */
export function plainConsole({ input, output, takeInterrupts }: Streams): ChatConsole {
  const reader = createInterface({ input, terminal: false })
  const incoming = reader[Symbol.asyncIterator]()
  /** The cursor stands behind the prompt. */
  let asking = false
  const ask = (): void => {
    if (!asking) output.write(prompt)
    asking = true
  }
  const write = (text: string): void => {
    output.write(`${asking ? '\n' : ''}${text}\n`)
    asking = false
  }
  let giveBack = (): void => undefined
  let closed = false
  return {
    ...withoutTerminal,
    interactive: true,
    wraps: true,
    palette: noColours,
    get columns() {
      return screenSize(output).columns
    },
    next: async () => {
      ask()
      const line = await incoming.next()
      asking = false
      return line.done === true ? undefined : { text: line.value, pasted: false }
    },
    print: write,
    remark: write,
    // A turn is over.
    note: ask,
    onInterrupt: (handler) => {
      giveBack = takeInterrupts(() => {
        handler()
        if (!closed) ask()
      })
    },
    close: () => {
      closed = true
      giveBack()
      reader.close()
    },
  }
}
