import { jsonAt, valueOf } from '../model/text-tools/lenient-json.ts'
import { isJson } from '../protocol/json.ts'
import { limits } from '../protocol/limits.ts'

/** What may stand behind the object: the end of a fence, and marks of a chat template. */
const marks = /^(?:\s|```|<[^<>{}"]{1,60}>)*$/
/** What may stand before it; an empty object is what some servers begin each call with. */
const before = /^\ufeff?\s*(?:```(?:json)?\s*)?(?:\{\s*\}\s*(?=\{))?/
/** Characters that are read, as a multiple of those that there are. */
const readings = 4

/**
 * The arguments that a model means by a text that is no JSON: line breaks within strings, single quotes, a comma before the end, a fence or
 * marks around the object, the same object twice. A text that means none, or was cut off, stays as it is: a malformed call, of which the
 * model reads why.
 */
export function argumentsOfCall(written: string): string {
  if (isJson(written) || written.length > limits.toolArgumentsBytes) return written
  const text = written.slice(before.exec(written)?.[0].length ?? 0)
  const meter = { steps: 0, limit: readings * text.length }
  const node = text.startsWith('{') ? jsonAt(text, 0, meter) : undefined
  if (node === undefined) return written
  const rest = text.slice(node.end)
  const isMeant = marks.test(rest) || rest.trim() === text.slice(0, node.end)
  return isMeant ? JSON.stringify(valueOf(node)) : written
}
