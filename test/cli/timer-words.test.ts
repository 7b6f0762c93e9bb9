import { describe, expect, test } from 'vitest'
import { readTimer, spanText, timerName } from '../../src/cli/slash/timer-words.ts'
import { howOften, timersList } from '../../src/cli/output/timers-list.ts'

const now = new Date(2027, 2, 1, 12, 0, 30)
const add = (argument: string) => {
  const words = readTimer(argument, now)
  if (words.type !== 'add') throw new Error(`${argument} adds nothing`)
  return words.timer
}

describe('/timer', () => {
  test('is read as one would say it [event:timers cli:chat]', () => {
    expect(add('in 10m water the plants')).toEqual({ afterMs: 600_000, text: 'water the plants' })
    expect(add('In 1h30m  tea ')).toEqual({ afterMs: 5_400_000, text: 'tea' })
    expect(add('every 1d think it over')).toEqual({ afterMs: 86_400_000, everyMs: 86_400_000, text: 'think it over' })
    expect(add('every 1d at 08:00 good morning')).toEqual({ at: new Date(2027, 2, 2, 8), everyMs: 86_400_000, text: 'good morning' })
    expect(add('at 18:15 go home')).toEqual({ at: new Date(2027, 2, 1, 18, 15), text: 'go home' })
    expect(add('at 2027-03-05T08:00:00Z the fifth')).toEqual({ at: new Date('2027-03-05T08:00:00Z'), text: 'the fifth' })
    expect(readTimer('', now)).toEqual({ type: 'list' })
    expect(readTimer('remove tea', now)).toEqual({ type: 'remove', id: 'tea' })
  })

  test.each([
    ['tomorrow tea', 'is none of in, at, every'],
    ['in ten minutes tea', 'no span of time'],
    ['in 10m', 'told'],
    ['at 25:00 tea', 'is no time'],
    ['at 2027-13-01T08:00 tea', 'is no time'],
    ['every tea', 'no span of time'],
    ['remove', 'which timer'],
  ])('%j is answered with what would be right [event:timers]', (argument, text) => {
    expect(() => readTimer(argument, now)).toThrow(text)
    expect(() => readTimer(argument, now)).toThrow('/timer in 10m TEXT')
  })

  test('names a timer by its first words, whatever the language, and never twice [event:timers]', () => {
    expect(timerName('Water the plants, please', [])).toBe('water-the-plants')
    expect(timerName('Water the plants, please', ['water-the-plants', 'water-the-plants-2'])).toBe('water-the-plants-3')
    expect(timerName('Café öffnen!', [])).toMatch(/^[a-z0-9_-]{1,64}$/)
    expect(timerName('水やり', [])).toBe('timer')
  })

  test('lists what waits, and how often it does [event:timers]', () => {
    expect(timersList([])).toEqual(['No timer waits.'])
    const [head, row] = timersList([{ id: 'tea', dueAt: '2027-03-01T08:00:00.000Z', everyMs: 90_000, left: 3, firings: 2, text: 'Tea\nis ready' }])
    expect(head).toMatch(/^TIMER +NEXT +REPEATS +TEXT$/)
    expect(row).toMatch(/^tea .*every 1m 30s, 3 left +Tea is ready$/)
    expect([howOften({}), spanText(86_400_000 * 7 + 60_000), spanText(1_500)]).toEqual(['once', '1w 1m', '1s 500ms'])
  })
})
