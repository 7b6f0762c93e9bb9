import { describe, expect, test } from 'vitest'
import { assertComeTo, isUpTo, placeOf, placeOfEvent, placeOfId, placeOfPosition, toldId } from '../../src/client/watch/place.ts'

const upTo = (id: string, other: string): boolean => isUpTo(placeOf(id), placeOf(other))
const parked = (turn: number) => placeOfEvent({ type: 'parked', id: '12.parked', turn, eventId: 'a' })

describe('whoever watches on from an event', () => {
  test('that is of a step is told that the turn stands still, or has ended, before the step\'s message was there [live:watch]', () => {
    for (const id of ['12.parked', '12.waiting', '12.memory', '12.end.3']) for (const step of ['13.step', '13.1.3']) expect([id, step, upTo(id, step)]).toEqual([id, step, false])
    for (const id of ['12', '11.parked', '13.step', '13.1.2', '13.1.3']) expect([id, upTo(id, '13.1.3')]).toEqual([id, true])
    for (const id of ['13.1.4', '13.2.0', '13']) expect([id, upTo(id, '13.1.3')]).toEqual([id, false])
  })

  test('that is an end is told that the next turn stands still, and not again that the one that ended did [live:watch]', () => {
    expect(isUpTo(parked(4), placeOf('12.end.3'))).toBe(false)
    expect(isUpTo(parked(3), placeOf('12.end.3'))).toBe(true)
    expect(upTo('12.memory', '12.end.3')).toBe(false)
    expect(upTo('12', '12.end.3')).toBe(true)
  })

  test('or from the present is told nothing that lies before [live:watch]', () => {
    const running = placeOfPosition({ seq: 12, turn: 3, ended: false })
    expect(['11', '12.turn', '12', '13.step', '12.end.3'].map((id) => isUpTo(placeOf(id), running))).toEqual([true, true, true, false, false])
    const ended = placeOfPosition({ seq: 12, turn: 3, ended: true })
    expect(['12', '12.end.3', '12.end.4', '13.turn'].map((id) => isUpTo(placeOf(id), ended))).toEqual([true, true, false, false])
  })
})

describe('an id', () => {
  test('of the first agent of a name says nothing of it, that of a later one which it is, and a number is of whichever there is [live:watch agent:generations]', () => {
    const generations = ['12', '12.turn', '1~12', '2~14.1.3', '~12', 12, '0', '1~0', '2~0', 0].map((after) => [after, placeOf(after).generation])
    expect(Object.fromEntries(generations.map(([after, generation]) => [typeof after === 'number' ? `number ${after}` : after, generation]))).toEqual({
      '12': 1, '12.turn': 1, '1~12': 1, '2~14.1.3': 2, '~12': undefined, 'number 12': undefined, '0': undefined, '1~0': 1, '2~0': 2, 'number 0': undefined,
    })
    expect(['0~1', '~', '-1~2', '1~2~3', '1.5~2', '2~', 'ada~2', -1, 1.5].filter((after) => { try { return placeOf(after) } catch { return false } })).toEqual([])
    expect([placeOf(placeOfId('0')).generation, placeOfId('2~0'), toldId('12.turn', 1), toldId('12.turn', 2)]).toEqual([1, '2~0', '12.turn', '2~12.turn'])
  })

  test('of an earlier agent comes before all of a later one [live:watch agent:generations]', () => {
    expect([upTo('99.end.9', '2~1.turn'), upTo('2~1.turn', '99'), upTo('2~5', '2~6'), upTo('2~6', '~5')]).toEqual([true, false, true, false])
  })

  test('to which the agent has not come is refused, and what would be right is said [live:watch]', () => {
    const stands = { name: 'ada', generation: 2, latest: 12 }
    const come = (after: number | string) => { try { assertComeTo(placeOf(after), stands); return true } catch { return false } }
    expect([12, '~12', '2~13.step', '2~13.1.4', '2~12.end.3', 0].map(come)).toEqual([true, true, true, true, true, true])
    expect([13, '2~13', '2~13.turn', '2~13.parked', '2~14.step', '3~1'].map(come)).toEqual([false, false, false, false, false, false])
    expect(() => { assertComeTo(placeOf('2~13'), stands) }).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('has not come to message 2~13: its latest one is 2~12; begin anew with after: 0') as string }) as Error)
  })
})
