import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { boundLog, logTail, openLog, sizeOf } from '../../src/stack/log-file.ts'

const newLog = () => join(mkdtempSync(join(tmpdir(), 'perdure-log-')), 'worker.log')

describe('a log', () => {
  test('that grows too large is cut, its end kept beside it, and its writer goes on', () => {
    const file = newLog()
    const writer = openLog(file)
    writeSync(writer, 'early\n'.repeat(100))
    boundLog(file, 50)
    expect(sizeOf(file)).toBe(0)
    expect(readFileSync(`${file}.1`, 'utf8')).toContain('early')
    writeSync(writer, 'late\n')
    expect(readFileSync(file, 'utf8')).toBe('late\n')
  })

  test('that is small is left alone', () => {
    const file = newLog()
    appendFileSync(file, 'line\n')
    boundLog(file, 50)
    expect(readFileSync(file, 'utf8')).toBe('line\n')
    expect(existsSync(`${file}.1`)).toBe(false)
  })

  test('shows its last lines since a position', () => {
    const file = newLog()
    appendFileSync(file, 'before\n')
    const from = sizeOf(file)
    appendFileSync(file, 'one\n\ntwo\nthree\n')
    expect(logTail(file, from, 2)).toBe('two\nthree')
    expect(logTail(file, from)).toBe('one\ntwo\nthree')
    expect(logTail(newLog(), 0)).toBe('')
  })
})
