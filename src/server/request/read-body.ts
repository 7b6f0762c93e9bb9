import { Refusal } from '../refusal.ts'

/** @throws Refusal `body-too-large` as soon as it is known, without reading the rest */
export async function readBody(request: Request, most: number): Promise<Uint8Array> {
  const tooLarge = (): Refusal => new Refusal('body-too-large', `the body of this route has at most ${most} bytes`, { connection: 'close' })
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge()
  const parts: Uint8Array[] = []
  let length = 0
  // `for await` would wait for the sender when it is left.
  const reader = request.body?.getReader()
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    length += (part.value as Uint8Array).length
    if (length > most) throw tooLarge()
    parts.push(part.value as Uint8Array)
  }
  return Buffer.concat(parts)
}
