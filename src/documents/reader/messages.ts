import type { Chunk } from '../../protocol/documents.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { Found } from '../found.ts'

/** To the thread: a document begins, its content in parts, its end; and that the chunks which it gave last were taken. */
export type ToThread =
  | { readonly kind: 'begin'; readonly name: string }
  | { readonly kind: 'part'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'taken' }

/** From the thread. An error without a code is a bug of ours. */
export type FromThread =
  | { readonly kind: 'chunks'; readonly chunks: readonly Chunk[] }
  | { readonly kind: 'done'; readonly found: Found }
  | { readonly kind: 'failed'; readonly code?: ErrorCode; readonly message: string }

/** The exit status of a thread whose buffers would have needed more memory than it may have. */
export const outOfMemory = 86
