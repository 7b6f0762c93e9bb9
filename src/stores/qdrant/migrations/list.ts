import { versions } from './2-versions.ts'
import { unchanged } from './3-unchanged.ts'
import { superseded } from './4-superseded.ts'
import { stillUnchanged } from './5-unchanged.ts'
import { words } from './6-words.ts'

/** In order, from what 0.1.0 wrote. Additive ones only, or with readers of both forms: workers are at work meanwhile. */
export const qdrantMigrations = [versions, unchanged, superseded, stillUnchanged, words]
