import type { AgentId } from './ids.ts'

/**
 * People call an agent by its name; stores and Temporal know it by its key, of which every id of it is made. The first agent of a
 * name has the name as its key. A name that is free again after a deletion gets a key that was never used, so that nothing of the earlier
 * agent, neither the rest of its deletion nor a write that comes late, can reach the later one.
 */
const sign = '~'

/** @param generation from 1: how many agents of this name there have been, this one included */
export const keyOf = (name: string, generation: number): AgentId => (generation === 1 ? name : `${name}${sign}${generation}`)

/** What people call the agent. */
export const nameOf = (key: AgentId): string => (isLaterKey(key) ? key.slice(0, key.indexOf(sign)) : key)

export const generationOf = (key: AgentId): number => (isLaterKey(key) ? Number(key.slice(key.indexOf(sign) + 1)) : 1)

/** Whether this is the key of a second or later agent of its name: no name has the sign in it. */
export const isLaterKey = (nameOrKey: string): boolean => nameOrKey.includes(sign)

/** The keys of all later agents of a name lie from the first of these, inclusive, to the second, exclusive. */
export const laterKeys = (name: string): readonly [from: string, to: string] => [name + sign, name + String.fromCharCode(sign.charCodeAt(0) + 1)]
