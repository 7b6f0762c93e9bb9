import { createInterface } from 'node:readline'
import { paletteFor } from '../output/palette.ts'
import type { ChatConsole } from './console.ts'

export interface PipedConsole extends ChatConsole {
  /** Waits for the first line; false where the input ends without any. */
  hasInput(): Promise<boolean>
}

/** For scripts: one line is one message, the conversation goes to `output`, everything else to `errors`. */
export function pipedConsole(streams: {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean }
  readonly errors: NodeJS.WritableStream
}): PipedConsole {
  const { input, output, errors } = streams
  const reader = createInterface({ input, crlfDelay: Infinity, terminal: false })
  const incoming = reader[Symbol.asyncIterator]()
  let first: Promise<IteratorResult<string, unknown>> | undefined
  const firstLine = (): Promise<IteratorResult<string, unknown>> => (first ??= incoming.next())
  return {
    interactive: false,
    palette: paletteFor(output),
    columns: 120,
    hasInput: async () => (await firstLine()).done !== true,
    lines: async function* () {
      for (let line = await firstLine(); line.done !== true; line = await incoming.next()) yield line.value
    },
    print: (text) => void output.write(`${text}\n`),
    remark: (text) => void errors.write(`${text}\n`),
    busy: () => undefined,
    onInterrupt: () => undefined,
    close: () => reader.close(),
  }
}
