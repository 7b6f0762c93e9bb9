import { describe, expect, test } from 'vitest'
import { isUpTo, placeOf, placeOfEvent, placeOfPosition } from '../../src/client/watch/place.ts'

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
