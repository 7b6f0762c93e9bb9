import type { MessageForm } from '../message-form.ts'
import type { Identified } from './insert-if-absent.ts'

/** `words`: what the message is found by, each once. `time`: `at`, comparable whatever its notation. */
export type MessageDocument = MessageForm & Identified & { readonly words: readonly string[]; readonly time: Date }

export const messageProjection = { _id: 0, words: 0, time: 0 } as const
