import { CommanderError } from 'commander'
import { describe, expect, test } from 'vitest'
import { errorText } from '../../src/cli/output/error-text.ts'
import { exitStatusOf } from '../../src/cli/output/exit-status.ts'
import { PerdureError, type ErrorCode } from '../../src/protocol/errors.ts'

describe('the exit status says what kind of failure it was', () => {
  test.each<[ErrorCode, number]>([
    ['config-invalid', 2],
    ['file-unreadable', 2],
    ['agent-exists', 2],
    ['agent-unknown', 3],
    ['server-unavailable', 4],
    ['port-busy', 4],
    ['model-error', 1],
  ])('%s is %i', (code, status) => {
    expect(exitStatusOf(new PerdureError(code, 'text'))).toBe(status)
  })

  test('wrong usage is 2, a help that was asked for 0, Ctrl-C 130, a bug 1', () => {
    expect(exitStatusOf(new CommanderError(1, 'commander.unknownOption', 'unknown option'))).toBe(2)
    expect(exitStatusOf(new CommanderError(0, 'commander.helpDisplayed', 'help'))).toBe(0)
    expect(exitStatusOf(new DOMException('interrupted', 'AbortError'))).toBe(130)
    expect(exitStatusOf(new TypeError('oops'))).toBe(1)
  })
})

describe('an error is told to a person', () => {
  test('with code and text; no escape sequence of a file\'s name reaches the terminal', () => {
    const error = new PerdureError('file-unreadable', `a${String.fromCharCode(0x1b)}[2J.txt is not there`)
    expect(errorText(error, {})).toBe('perdure: a␛[2J.txt is not there [file-unreadable]')
  })

  test('a bug shows its stack only where DEBUG is set', () => {
    expect(errorText(new TypeError('oops'), {})).not.toContain('at ')
    expect(errorText(new TypeError('oops'), { DEBUG: '1' })).toContain('exit-status.test.ts')
  })
})
