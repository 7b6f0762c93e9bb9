import { Refusal } from '../refusal.ts'
import { readBody } from './read-body.ts'

const mostLevels = 200
/**
 * A value takes much more memory than its bytes, and so does what is said of each that is wrong: a body of little else than commas would take
 * all of it, and seconds in which nobody else is answered. A body may have as many values as have so many bytes each in the largest one.
 */
const bytesPerValue = 50

/** Undefined without a body. A type other than JSON is refused: a form of another site's page could send it without asking. */
export async function readJson(request: Request, most: number): Promise<unknown> {
  const bytes = await readBody(request, most)
  if (bytes.length === 0) return undefined
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) throw new Refusal('media-type', 'the body is JSON: send content-type: application/json')
  refuseMany(bytes, Math.floor(most / bytesPerValue))
  return parsed(bytes)
}

const [quote, backslash, comma, list, listEnd, object, objectEnd] = Buffer.from('"\\,[]{}')

/** Before it is read: whatever walks through it would go as deep, and as far, as it does. @throws Refusal */
function refuseMany(bytes: Uint8Array, mostValues: number): void {
  let [levels, values, inText] = [0, 0, false]
  for (let at = 0; at < bytes.length; at += 1) {
    const sign = bytes[at]
    if (sign === quote) inText = !inText
    else if (inText) at += sign === backslash ? 1 : 0
    else if (sign === list || sign === object) {
      levels += 1
      values += 1
    } else if (sign === listEnd || sign === objectEnd) levels -= 1
    else if (sign === comma) values += 1
    if (levels > mostLevels) throw new Refusal('body-malformed', `the body has more than ${mostLevels} objects and lists in one another`)
    if (values > mostValues) throw new Refusal('body-too-large', `the body of this route has at most ${mostValues} values, and this one has more`)
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
  } catch {
    throw new Refusal('body-malformed', 'the body is not JSON in UTF-8')
  }
}
