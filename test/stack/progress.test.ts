import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { progressLine } from '../../src/stack/progress.ts'

/** What is written of a start that takes some seconds, to a terminal of that kind. */
function shown(terminal: { readonly isTTY: boolean; readonly TERM: string }): string {
  const stream = Object.assign(new PassThrough(), { isTTY: terminal.isTTY, columns: 80 })
  const progress = progressLine(stream as never, { TERM: terminal.TERM })
  progress.update('starting the Temporal server', 0)
  progress.update('starting the Temporal server', 3)
  progress.update('starting the worker', 0)
  progress.done()
  return String(stream.read())
}

test('progress is one line that changes on a terminal, and plain lines where a cursor can not be moved [cli:chat]', () => {
  expect(shown({ isTTY: true, TERM: 'xterm' })).toBe('\r\u001b[2Kstarting the Temporal server\r\u001b[2Kstarting the Temporal server (3 s)\r\u001b[2Kstarting the worker\r\u001b[2K')
  for (const plain of [{ isTTY: true, TERM: 'dumb' }, { isTTY: false, TERM: 'xterm' }]) expect(shown(plain)).toBe('starting the Temporal server\nstarting the worker\n')
})
