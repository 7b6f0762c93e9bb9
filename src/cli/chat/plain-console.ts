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
  const lines: string[] = []
  let take: ((line: string | undefined) => void) | undefined
  let over = false
  const give = (line: string | undefined): void => {
    const taken = take
    take = undefined
    if (taken !== undefined) taken(line)
    else if (line !== undefined) lines.push(line)
  }
  reader.on('line', give)
  reader.once('close', () => {
    over = true
    give(undefined)
  })
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
      const early = lines.shift()
      // What came before it was asked for stands somewhere above; here is where it belongs.
      if (early !== undefined) output.write(`${early}\n`)
      const line = early ?? (over ? undefined : await new Promise<string | undefined>((resolve) => (take = resolve)))
      asking = false
      return line === undefined ? undefined : { text: line, pasted: false }
    },
    print: write,
    remark: write,
    note: (text) => {
      // A turn is over.
      if (text !== '') ask()
    },
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
