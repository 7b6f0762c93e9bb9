import { archivalMemoryInsert } from './archival-memory-insert.ts'
import { archivalMemorySearch } from './archival-memory-search.ts'
import { conversationSearch } from './conversation-search.ts'
import { conversationSearchDate } from './conversation-search-date.ts'
import { coreMemoryAppend } from './core-memory-append.ts'
import { coreMemoryReplace } from './core-memory-replace.ts'
import { instructionsReplace } from './instructions-replace.ts'
import { listDocuments } from './list-documents.ts'
import { openDocument } from './open-document.ts'
import { pageOut } from './page-out.ts'
import { search } from './search.ts'
import { sendMessage } from './send-message.ts'
import type { Tool } from './tool.ts'

/** For an agent that has documents. */
export const documentTools: readonly Tool[] = [listDocuments, openDocument]

/** All are idempotent under the operation id of their call. */
export const builtinTools: readonly Tool[] = [
  sendMessage,
  coreMemoryAppend,
  coreMemoryReplace,
  conversationSearch,
  conversationSearchDate,
  archivalMemoryInsert,
  archivalMemorySearch,
  pageOut,
  search,
  instructionsReplace,
  ...documentTools,
]
