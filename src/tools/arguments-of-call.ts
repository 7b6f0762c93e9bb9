import { isDeepStrictEqual } from 'node:util'
import { jsonAt, valueOf, type Meter } from '../model/text-tools/lenient-json.ts'
import { isRecord } from '../protocol/is-record.ts'
import { jsonText, parsedJson } from '../protocol/json.ts'
import { limits } from '../protocol/limits.ts'

/** What may stand behind the object: the end of a fence, marks of a chat template, and ends of what never began, which vLLM's reader of some models' calls leaves. */
const marks = /^(?:\s|```|<[^<>{}"]{1,60}>|[\]})"';,])*$/
/** The end of an object whose last value is a text. With a quote behind it, that text may have held the quote and the brackets, and would be cut. */
const endsInText = /["'][\s\]},]*$/
const quote = /["']/
/** What may stand before it: a fence, a mark, comments; an empty object, or `null`, is what some servers begin each call with. */
const before = /^\ufeff?\s*(?:```)?(?:json\s)?\s*(?:<\|?\w{1,40}\|?>\s*)?(?:(?:\/\/[^\n]{0,500}\n|\/\*(?:[^*]|\*(?!\/)){0,500}\*\/)\s*){0,4}(?:(?:\{\s*\}|null)\s*(?=\{))?/
/** What stands for no arguments, where a server or a model has a word for them, or an empty list (PHP). */
const none = /^\s*(?:null|undefined|None|""|\[\s*\])\s*$/
/** Characters that are read, as a multiple of those that there are. */
const readings = 4

/**
 * The arguments that a model means by a text that is no JSON: line breaks within strings, single quotes, names without quotes, comments, a comma before the end, a fence or
 * marks around the object, the same object again. So it is with JSON that is a text of an object, or a list of one. A text that means none, or was cut off, stays as it is: a malformed call, of which the
 * model reads why.
 */
export function argumentsOfCall(written: string): string {
  if (written.length > limits.toolArgumentsBytes) return written
  if (none.test(written)) return '{}'
  const json = parsedJson(written)
  if (json !== undefined) return objectWithin(json) ?? written
  const text = written.slice(before.exec(written)?.[0].length ?? 0)
  const meter = { steps: 0, limit: readings * text.length }
  const node = text.startsWith('{') ? jsonAt(text, 0, meter, { loose: true }) : undefined
  if (node === undefined) return written
  const value = valueOf(node)
  const behind = behindRepetitions(text, node.end, value, meter)
  if (!marks.test(behind) || (quote.test(behind) && endsInText.test(text.slice(0, text.length - behind.length)))) return written
  return JSON.stringify(value)
}

/** As JSON; undefined where the value is an object itself, or holds none. Some endpoints encode arguments twice, or three times. */
function objectWithin(json: unknown): string | undefined {
  let value = json
  for (let times = 0; times < 2 && typeof value === 'string'; times += 1) value = parsedJson(value)
  if (Array.isArray(value) && value.length === 1) value = value[0]
  return value !== json && isRecord(value) ? jsonText(value) : undefined
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
