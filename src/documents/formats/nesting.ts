import type { Parser } from 'htmlparser2'
import { DocumentProblem } from '../problem.ts'

/** Elements within one another that a parser of pages goes on with at least. People who write pages forget to close what they open, but not as often. */
const deepest = 1_000
/** Programs write the XML of documents, and close what they open. */
const deepestXml = 10_000

/**
 * Lets a parser of a page forget the outermost of the elements that are open, where there are twice as many: it moves all of them at each tag, and a page
 * of a megabyte that only opens elements took half a minute. No end is told of what is forgotten, so that words before a formula within which that happens
 * are lost. To be called whenever an element has been opened.
 */
export function boundNesting(parser: Parser): void {
  const { stack, foreignContext } = openIn(parser)
  if (stack.length <= deepest * 2) return
  stack.length = deepest
  // It holds some of the elements, and what is around all of them.
  foreignContext.length = Math.min(foreignContext.length, deepest + 1)
}

/** The same of XML, which is refused. @throws DocumentProblem */
export function refuseNesting(parser: Parser): void {
  if (openIn(parser).stack.length > deepestXml) throw new DocumentProblem('document-broken', `can't be read: more than ${deepestXml.toLocaleString('en')} of its elements stand within one another`)
}

const openIn = (parser: Parser) => parser as unknown as { readonly stack: string[]; readonly foreignContext: unknown[] }
