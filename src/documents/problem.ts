import type { ErrorCode } from '../protocol/errors.ts'

/** Why a document can't be read, as a sentence without its subject, which is the document's name: "is encrypted; …". */
export class DocumentProblem extends Error {
  override readonly name = 'DocumentProblem'

  readonly code: ErrorCode

  constructor(code: ErrorCode, text: string) {
    super(text)
    this.code = code
  }
}
