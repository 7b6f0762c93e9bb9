import { createInterface } from 'node:readline'
import { noColours } from '../output/palette.ts'
import type { ChatConsole } from './console.ts'

export interface PipedConsole extends ChatConsole {
  /** Waits for the first line; false where the input ends without any. */
  hasInput(): Promise<boolean>
}

/** For scripts: one line is one message, the conversation goes to `output`, everything else to `errors`. All of it is plain text. */
export function pipedConsole(streams: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream; readonly errors: NodeJS.WritableStream }): PipedConsole {
  const { input, output, errors } = streams
  const reader = createInterface({ input, crlfDelay: Infinity, terminal: false })
  const incoming = reader[Symbol.asyncIterator]()
  let first: Promise<IteratorResult<string, unknown>> | undefined
  const firstLine = (): Promise<IteratorResult<string, unknown>> => (first ??= incoming.next())
  let begun = false
  return {
    ...withoutTerminal,
    palette: noColours,
    columns: 120,
    wraps: false,
    hasInput: async () => (await firstLine()).done !== true,
    next: async () => {
      const line = begun ? await incoming.next() : await firstLine()
      begun = true
      return line.done === true ? undefined : { text: line.value, pasted: false }
    },
    print: (text) => void output.write(`${text}\n`),
    remark: (text) => void errors.write(`${text}\n`),
    close: () => reader.close(),
  }
}

/** What only a terminal can do. */
export const withoutTerminal = {
  interactive: false,
  live: false,
  echo: () => undefined,
  growing: () => undefined,
  busy: () => undefined,
  note: () => undefined,
  onInterrupt: () => undefined,
  completeBy: () => undefined,
  edit: () => Promise.resolve(undefined),
  clear: () => undefined,
  draft: () => undefined,
} as const
