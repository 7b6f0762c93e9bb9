import type { AgentId } from './ids.ts'
import { outerId, tenantOf } from './tenant.ts'

/**
 * People call an agent by its name; stores and Temporal know it by its key, of which every id of it is made. The first agent of a
 * name has the name as its key. A name that is free again after a deletion gets a key that was never used, so that nothing of the earlier
 * agent, neither the rest of its deletion nor a write that comes late, can reach the later one. A tenant's agents have their keys behind its
 * prefix (`tenant.ts`): what is left of such a key without its generation is called its line here.
 */
const sign = '~'

/** @param generation from 1: how many agents of this line there have been, this one included */
export const keyOf = (line: string, generation: number): AgentId => (generation === 1 ? line : `${line}${sign}${generation}`)

/** The agents of one name of one tenant, one after the other. */
export const lineOf = (key: AgentId): string => (isLaterKey(key) ? key.slice(0, key.indexOf(sign)) : key)

/** What people call the agent, within its tenant. */
export const nameOf = (key: AgentId): string => outerId(tenantOf(key), lineOf(key))

export const generationOf = (key: AgentId): number => (isLaterKey(key) ? Number(key.slice(key.indexOf(sign) + 1)) : 1)

/** Whether this is the key of a second or later agent of its name: no name has the sign in it. */
export const isLaterKey = (nameOrKey: string): boolean => nameOrKey.includes(sign)

/** The keys of all later agents of a line lie from the first of these, inclusive, to the second, exclusive. */
export const laterKeys = (line: string): readonly [from: string, to: string] => [line + sign, line + String.fromCharCode(sign.charCodeAt(0) + 1)]
