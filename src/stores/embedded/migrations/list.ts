import { tables } from './1-tables.ts'
import { answers } from './2-answers.ts'
import { pending } from './3-pending.ts'
import { parts } from './4-parts.ts'
import { definitions } from './5-definitions.ts'
import { words } from './6-words.ts'
import { accessKeys } from './7-access-keys.ts'
import { prompts } from './8-prompts.ts'
import { wordsAnew } from './9-words.ts'
import { asideCosts } from './10-aside-costs.ts'
import { formerBlocks } from './11-former-blocks.ts'
import { stems } from './12-stems.ts'
import { asideSums } from './13-aside-sums.ts'
import { exchanges } from './14-exchanges.ts'

/** In order. A file is migrated in one transaction, so that every row has the form of the file's one version. */
export const embeddedMigrations = [tables, answers, pending, parts, definitions, words, accessKeys, prompts, wordsAnew, asideCosts, formerBlocks, stems, asideSums, exchanges]
