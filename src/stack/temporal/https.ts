import { Readable } from 'node:stream'

/** A network that is closed off shows within this time; one that is slow gets as long as it needs afterwards. */
const answerWithinMs = 5_000
const stalledAfterMs = 20_000

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/**
 * The answer at that address. Its head has to come within five seconds; its body may be large.
 * @throws Error that names the host, and never a password of the address
 */
export async function get(url: string, { headers = {}, signal }: GetOptions = {}): Promise<Response> {
  const { address, authorization } = withoutPassword(url)
  const head = new AbortController()
  const timer = setTimeout(() => head.abort(new Error('no answer')), answerWithinMs)
  try {
    const response = await fetch(address, {
      headers: { ...headers, ...authorization },
      signal: AbortSignal.any([head.signal, ...(signal === undefined ? [] : [signal])]),
    })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return response
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new Error(`${address.host} does not give it (${cause instanceof Error ? cause.message : String(cause)})`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** The body as a stream that breaks when nothing comes any more. */
export function streamOf(response: Response): Readable {
  if (response.body === null) throw new Error('the download is empty')
  const stream = Readable.fromWeb(response.body)
  let timer: NodeJS.Timeout
  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stream.destroy(new Error('the download stalled')), stalledAfterMs)
  }
  watch()
  return stream.on('data', watch).on('close', () => clearTimeout(timer))
}

/** `fetch` takes no address with a user and a password in it, as an index of a company may have. */
function withoutPassword(url: string): { readonly address: URL; readonly authorization: Readonly<Record<string, string>> } {
  const address = new URL(url)
  if (address.username === '' && address.password === '') return { address, authorization: {} }
  const login = [address.username, address.password].map((part) => decodeURIComponent(part)).join(':')
  address.username = ''
  address.password = ''
  return { address, authorization: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } }
}
