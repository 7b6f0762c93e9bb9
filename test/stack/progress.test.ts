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

test('of what is counted in thousands too [cli:chat]', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: false, columns: 80 })
  const progress = progressLine(stream as never, {})
  for (let done = 500; done <= 4_000; done += 500) progress.update(`embedding: ${done.toLocaleString('en-US')} of 4,000`, done / 500 + 2)
  progress.done()
  expect(String(stream.read())).toBe('embedding: 500 of 4,000 (3 s)\nembedding: 3,000 of 4,000 (8 s)\nembedding: 4,000 of 4,000 (10 s)\n')
})

test('of what is counted, a plain line comes now and then, and not for each file of a large folder [cli:chat]', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: false, columns: 80 })
  const progress = progressLine(stream as never, {})
  for (let at = 1; at <= 10_000; at += 1) progress.update(`giving over ${at} of 10000 files`, Math.floor(at / 1_000))
  for (let at = 1; at <= 10_000; at += 1) progress.update(`[${'#'.repeat(Math.floor(at / 1_000))}${'-'.repeat(10 - Math.floor(at / 1_000))}] ${at} of 10000 documents · reads ${at}.txt`, 10 + Math.floor(at / 1_000))
  // Where it has come to at the end is said, however soon after the line before.
  progress.update('[##########] 10000 of 10000 documents, 3 of them failed', 10)
  progress.done()
  const lines = String(stream.read()).trim().split('\n')
  expect(lines.map((line) => line.replace(/ · .*/, ''))).toEqual(['giving over 1 of 10000 files', 'giving over 5000 of 10000 files (5 s)', 'giving over 10000 of 10000 files (10 s)', '[----------] 1 of 10000 documents', '[#####-----] 5000 of 10000 documents', '[##########] 10000 of 10000 documents', '[##########] 10000 of 10000 documents, 3 of them failed (10 s)'])
})
