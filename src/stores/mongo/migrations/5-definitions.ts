import type { Db } from 'mongodb'
import type { Migration, ServerStep } from '../../migration.ts'

/** An agent of before is at version 1 of its definition, which its record holds. Records of now are not for workers of before: these change them in place. */
export const definitions: Migration<ServerStep<Db>> = { to: 5, describe: "the versions of each agent's definition have a collection; nothing else changed", steps: [] }
