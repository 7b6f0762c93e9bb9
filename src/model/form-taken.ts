import { ModelError, type ModelErrorKind } from './model-error.ts'

/** Failures of a request that was read. */
const kinds: ReadonlySet<ModelErrorKind> = new Set(['context-overflow', 'filtered', 'rate-limited'])

/**
 * Whether a request in another form has failed for something else than its form, so that the form is kept. Where it is refused again, the refusal before may have meant something else too: many
 * repeat the prompt, or a model's name, and what these say would cost a model its tools, say, as long as the process lives.
 */
export const saysFormTaken = (error: unknown): boolean => ModelError.isInstance(error) && kinds.has(error.kind)
