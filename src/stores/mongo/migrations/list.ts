import type { Db } from 'mongodb'
import type { Migration, ServerStep } from '../../migration.ts'
import { versions } from './2-versions.ts'
import { pending } from './3-pending.ts'
import { parts } from './4-parts.ts'
import { stems } from './12-stems.ts'

/** An agent of before is at version 1 of its definition, which its record holds. Records of now are not for workers of before: these change them in place. */
const definitions: Migration<ServerStep<Db>> = { to: 5, describe: "the versions of each agent's definition have a collection; nothing else changed", steps: [] }

/** What a word is has changed three times: the last change makes them anew. */
const wordsAnew = (to: number): Migration<ServerStep<Db>> => ({ to, describe: 'messages are found by other forms of their words, which the change to 12 makes anew', steps: [] })

/** A database without a key is served as before, to the server's own machine alone. */
const accessKeys: Migration<ServerStep<Db>> = { to: 7, describe: 'keys for programs that ask the server over HTTP have a collection; nothing else changed', steps: [] }

/** Steps of before have no record of their prompt, and are said to have none. */
const prompts: Migration<ServerStep<Db>> = { to: 8, describe: "what the prompts of an agent's steps have in common has a collection; nothing else changed", steps: [] }

/** Releases of before answered no asides. */
const asideCosts: Migration<ServerStep<Db>> = { to: 10, describe: 'what asides have cost has a collection; nothing else changed', steps: [] }

/** What the versions of before had is kept at the next change of their agent, or at the first look for it. */
const formerBlocks: Migration<ServerStep<Db>> = { to: 11, describe: "blocks that have left an agent's definition have a collection; nothing else changed", steps: [] }

/** What was stored before is added when an agent's sum is first asked for. */
const asideSums: Migration<ServerStep<Db>> = { to: 13, describe: "what the asides of each agent have cost together has a collection; nothing else changed", steps: [] }

/** They lie beside passages. */
const exchanges: Migration<ServerStep<Db>> = { to: 14, describe: 'recall memory is found by meaning too, by vectors that lie in Qdrant; nothing else changed', steps: [] }

/** Workers of before erase an agent without keeping by which command: of such a deletion a repetition is not known, unless the client that asked was of now. */
const nameDeletions: Migration<ServerStep<Db>> = { to: 15, describe: 'a name keeps by which commands its latest agents were deleted; nothing else changed', steps: [] }

/** The index over words has the agent as a field of its own. */
const termsOfTenants: Migration<ServerStep<Db>> = { to: 16, describe: 'nothing changed in MongoDB', steps: [] }

/** Passages are in Qdrant. */
const stemsOfPassages: Migration<ServerStep<Db>> = { to: 17, describe: 'nothing changed in MongoDB', steps: [] }

/** In order, from what 0.1.0 wrote. Additive ones only, or with readers of both forms: workers are at work meanwhile. */
export const mongoMigrations = [versions, pending, parts, definitions, wordsAnew(6), accessKeys, prompts, wordsAnew(9), asideCosts, formerBlocks, stems, asideSums, exchanges, nameDeletions, termsOfTenants, stemsOfPassages]
