import { isRecord } from '../../protocol/is-record.ts'
import { jsonText, parsedJson } from '../../protocol/json.ts'
import { beginningOf } from '../../protocol/well-formed.ts'
import { failureInBody } from './failure-in-body.ts'

/** Of an error's text. */
const mostCharacters = 2_000

/**
 * Wraps fetch so that an error's body always has the shape that the `openai` package reads: `{"error":{…}}`. Otherwise the package drops
 * the text of endpoints that answer `{"detail":…}`, `{"message":…}` or `{"error":"…"}`. Only that text tells an overflow of the context
 * from any other bad request.
 */
export function errorBodies(next: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await next(input, init)
    if (response.ok) return response
    const headers = new Headers(response.headers)
    headers.delete('content-length')
    headers.delete('content-encoding')
    headers.set('content-type', 'application/json')
    // Each error belongs to the caller of fetch: no retries here, whatever the endpoint suggests.
    headers.set('x-should-retry', 'false')
    const text = await response.text()
    const body = jsonText({ error: errorIn(text) }) ?? JSON.stringify({ error: { message: beginningOf(text, mostCharacters) } })
    return new Response(body, { status: response.status, headers })
  }
}

function errorIn(text: string): Readonly<Record<string, unknown>> {
  const given = parsedJson(text)
  // Google's errors stand in a list.
  const body: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given
  if (!isRecord(body)) return { message: beginningOf(wordsOf(text), mostCharacters) || 'no further word' }
  return failureInBody(body) ?? { ...(isRecord(body['error']) ? body['error'] : body), message: beginningOf(text, mostCharacters) }
}

/** The text of an error's body. Proxies answer with a page for a browser, of which the title says enough. */
function wordsOf(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith('<')) return trimmed
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(trimmed)?.[1] ?? ''
  return `a web page, not an API's answer${title.trim() === '' ? '' : `: ${title.trim()}`}`
}
