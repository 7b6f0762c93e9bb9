import { HonoRequest } from 'hono/request'
import { MIMEType } from 'node:util'
import type { DocumentFile } from '../../client/documents.ts'
import { invalidArgument } from '../../protocol/errors.ts'
import { Refusal } from '../refusal.ts'
import { readBody } from './read-body.ts'

const mostParts = 1_000

/** The files of a form, whatever its fields are called, each under the name that the sender gave it. @throws PerdureError; Refusal */
export async function readFiles(request: Request, most: number): Promise<readonly DocumentFile[]> {
  const type = request.headers.get('content-type') ?? ''
  const boundary = boundaryOf(type)
  if (boundary === undefined) throw new Refusal('media-type', 'files come in a form: send content-type: multipart/form-data, as curl -F file=@notes.md does')
  const bytes = await readBody(request, most)
  refuseManyParts(bytes, boundary)
  const form = await new HonoRequest(new Request(request.url, { method: 'POST', body: bytes, headers: { 'content-type': type } })).formData().catch(() => {
    throw new Refusal('body-malformed', 'the body is no form with files')
  })
  const files = [...form.values()].filter((value) => typeof value !== 'string')
  if (files.length === 0) throw invalidArgument('the form has no file; curl -F file=@notes.md sends one')
  return Promise.all(files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })))
}

/** What stands between the parts of a form, as whoever reads the form finds it; undefined for what is no form. */
function boundaryOf(type: string): string | undefined {
  try {
    const { essence, params } = new MIMEType(type)
    return essence === 'multipart/form-data' ? (params.get('boundary') ?? undefined) : undefined
  } catch {
    return undefined
  }
}

/** Each part costs much more than its bytes, so they are counted before they are read. @throws PerdureError `invalid-argument` */
function refuseManyParts(bytes: Uint8Array, boundary: string): void {
  const [body, mark] = [Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), Buffer.from(`--${boundary}`)]
  let parts = 0
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    parts += 1
    if (parts > mostParts + 1) throw invalidArgument(`a form has at most ${mostParts} parts; send the files by several`)
  }
}
