import type { Format } from './format.ts'

/** What is known of a document when all of it was read. */
export interface Found {
  format: Format
  /** Where the format has pages, slides or sheets that count as such. */
  pages?: number
  /** What of it gave no text, in words: pages that are pictures, attachments. Absent: nothing that is known. */
  unread?: string
}
