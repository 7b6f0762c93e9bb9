import { isDeepStrictEqual } from 'node:util'
import type { EventBody } from '../protocol/events.ts'

type Said = Pick<EventBody, 'kind' | 'text' | 'clientTools'>

/** Whether two events under one id say the same, so that the second is the first sent again. */
export function isSameEvent(one: Said, other: Said): boolean {
  return one.text === other.text && one.kind === other.kind && isDeepStrictEqual(one.clientTools, other.clientTools)
}
