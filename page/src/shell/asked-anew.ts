/** What is not answered by then may have gone over a connection that is dead, of which a browser learns late, if ever. */
const firstMs = 8_000
const most = 4

/**
 * Fetches what is only read. Where no answer comes it lets go of the connection, and asks again over another one. Each try has twice as long as the one
 * before, so that what merely takes long is answered too.
 */
export async function askedAnew(url: string, init: RequestInit): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const late = new AbortController()
    const timer = tries < most ? setTimeout(() => late.abort(), firstMs * 2 ** (tries - 1)) : undefined
    try {
      // Where the answer has come, the signal ends nothing any more but by whoever asks.
      return await fetch(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal })
    } catch (error) {
      if (!late.signal.aborted || init.signal?.aborted === true) throw error
    } finally {
      clearTimeout(timer)
    }
  }
}
