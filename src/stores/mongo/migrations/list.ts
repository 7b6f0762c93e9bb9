import { versions } from './2-versions.ts'
import { pending } from './3-pending.ts'
import { parts } from './4-parts.ts'
import { definitions } from './5-definitions.ts'
import { words } from './6-words.ts'

/** In order, from what 0.1.0 wrote. Additive ones only, or with readers of both forms: workers are at work meanwhile. */
export const mongoMigrations = [versions, pending, parts, definitions, words]
