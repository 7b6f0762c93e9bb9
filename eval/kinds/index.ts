import type { ChatModel } from '../../src/model/model.ts'
import type { EvalKind } from '../harness/kind.ts'
import { docQa, docQaModels } from './doc-qa/kind.ts'
import { dmr } from './dmr/kind.ts'
import { memorySkills } from './memory-skills/kind.ts'
import { nestedKv, nestedKvModels } from './nested-kv/kind.ts'

/** Every evaluation that asks somebody, in the order in which they run. */
export const kinds: readonly EvalKind[] = [nestedKv, docQa, dmr, memorySkills]

/** The rules that stand in for a language model, by the names that agents give as their model. */
export const policies: Readonly<Record<string, ChatModel>> = { ...nestedKvModels, ...docQaModels }
