import { isDeepStrictEqual } from 'node:util'
import { jsonAt, valueOf, type Meter } from '../model/text-tools/lenient-json.ts'
import { isJson, parsedJson } from '../protocol/json.ts'
import { limits } from '../protocol/limits.ts'

/** What may stand behind the object: the end of a fence, and marks of a chat template. */
const marks = /^(?:\s|```|<[^<>{}"]{1,60}>)*$/
/** What may stand before it; an empty object is what some servers begin each call with. */
const before = /^\ufeff?\s*(?:```(?:json)?\s*)?(?:\{\s*\}\s*(?=\{))?/
/** Characters that are read, as a multiple of those that there are. */
const readings = 4

/**
 * The arguments that a model means by a text that is no JSON: line breaks within strings, single quotes, a comma before the end, a fence or
 * marks around the object, the same object again. A text that means none, or was cut off, stays as it is: a malformed call, of which the
 * model reads why.
 */
export function argumentsOfCall(written: string): string {
  if (isJson(written) || written.length > limits.toolArgumentsBytes) return written
  const text = written.slice(before.exec(written)?.[0].length ?? 0)
  const meter = { steps: 0, limit: readings * text.length }
  const node = text.startsWith('{') ? jsonAt(text, 0, meter) : undefined
  if (node === undefined) return written
  const value = valueOf(node)
  return marks.test(behindRepetitions(text, node.end, value, meter)) ? JSON.stringify(value) : written
}

/** What stands behind an object, and behind that object said again: spaced or ordered in another way, or as JSON within a text. */
function behindRepetitions(text: string, from: number, value: unknown, meter: Meter): string {
  let end = from
  for (;;) {
    const next = jsonAt(text, end, meter)
    if (next === undefined) return text.slice(end)
    const said = valueOf(next)
    if (!isDeepStrictEqual(typeof said === 'string' ? parsedJson(said) : said, value)) return text.slice(end)
    end = next.end
  }
}
