import type { Page, Request } from 'playwright-core'

/** What a page asked for lately, and what it shows: without it, a failure on another machine says only what did not come. */
export interface Witness {
  readonly tell: () => Promise<string>
}

const mostRequests = 30
const mostText = 2_000
/** A page that no longer answers must not hold up the report. */
const patience = 5_000

interface Asked {
  readonly request: Request
  readonly at: number
  status?: number
  /** How it ended, and when; absent while it is open. */
  end?: { readonly how: string; readonly at: number }
}

/** Notes the page's requests from now on. */
export function witness(page: Page): Witness {
  const began = Date.now()
  const asked: Asked[] = []
  const ofRequest = (request: Request): Asked | undefined => asked.find((one) => one.request === request)
  const ends = (request: Request, how: string): void => {
    const one = ofRequest(request)
    if (one !== undefined) one.end = { how, at: Date.now() }
  }
  page.on('request', (request) => {
    asked.push({ request, at: Date.now() })
    if (asked.length > mostRequests) asked.shift()
  })
  page.on('response', (response) => {
    const one = ofRequest(response.request())
    if (one !== undefined) one.status = response.status()
  })
  page.on('requestfinished', (request) => ends(request, 'ended'))
  page.on('requestfailed', (request) => ends(request, request.failure()?.errorText ?? 'failed'))
  const line = ({ request, at, status, end }: Asked): string => {
    const { pathname, search } = new URL(request.url())
    const outcome = end === undefined ? 'PENDING' : `${end.how} after ${end.at - at} ms`
    return `  +${at - began} ms ${request.method()} ${pathname}${search}: ${status ?? 'no answer'}, ${outcome}`
  }
  return {
    tell: async () => {
      const now = Date.now() - began
      const requests = asked.map(line)
      const text = await page.locator('body').innerText({ timeout: patience }).catch((error: unknown) => `(no text: ${String(error)})`)
      const shown = text.length > mostText ? `${text.slice(0, mostText)} … (${text.length} characters)` : text
      return [`After ${now} ms the page ${page.url()} shows:`, shown.replace(/\n{2,}/g, '\n').replace(/^/gm, '  '), `Its last ${requests.length} requests:`, ...requests].join('\n')
    },
  }
}
