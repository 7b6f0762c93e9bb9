import { isDeeper } from '../../definition/metadata.ts'
import { Refusal } from '../refusal.ts'
import { readBody } from './read-body.ts'

const mostLevels = 200

/** Undefined without a body. A type other than JSON is refused: a form of another site's page could send it without asking. */
export async function readJson(request: Request, most: number): Promise<unknown> {
  const bytes = await readBody(request, most)
  if (bytes.length === 0) return undefined
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) throw new Refusal('media-type', 'the body is JSON: send content-type: application/json')
  const body = parsed(bytes)
  // Whatever walks through it would go as deep as it does.
  if (isDeeper(body, mostLevels)) throw new Refusal('body-malformed', `the body has more than ${mostLevels} objects and lists in one another`)
  return body
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
  } catch {
    throw new Refusal('body-malformed', 'the body is not JSON in UTF-8')
  }
}
