import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { witness } from './witness.ts'

/**
 * The list of suggestions below a browser's address, which the window of each visit would load as a page of its own: that takes more than most of
 * these tests do. Of several such arguments the last one counts: those that Playwright turns off are in it too.
 */
const unneeded = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup']
const asPlaywrightDoes = ['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch']
/** Another machine's name for this one: a browser trusts its own machine as if it came over TLS, and no other. */
export const otherName = 'perdure.test'
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--disable-features=${[...unneeded, ...asPlaywrightDoes].join(',')}`, `--host-resolver-rules=MAP ${otherName} 127.0.0.1`]

/** A browser with a profile of its own, which goes with it. */
export async function startBrowser(): Promise<Browser> {
  const browser = inject('browser')
  if ('unavailable' in browser) throw new Error(browser.unavailable)
  return chromium.launch({ executablePath: browser.path, headless: true, args: quiet })
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** What must not happen: errors in the page, whatever its policy has stopped, requests to other hosts. Answers that a test wants are left out. */
  readonly wrong: string[]
  /** What the page shows, and asked for lately. */
  readonly tell: () => Promise<string>
  close(): Promise<void>
}

export interface VisitOptions {
  readonly url: string
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
  /** A screen that one touches, without a mouse. */
  readonly touch?: boolean
  /** In place of a new one: a second tab of the same person. */
  readonly context?: BrowserContext
}

/** Somebody opens the page. */
export async function visit(browser: Browser, { url, width = 1100, height = 800, dark = false, touch = false, context: given }: VisitOptions): Promise<Visit> {
  const context = given ?? (await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce', hasTouch: touch, isMobile: touch }))
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const wrong: string[] = []
  const { tell } = witness(page)
  const { host } = new URL(url)
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|Cross-Origin-Opener-Policy header has been ignored/.test(message.text())) wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('request', (request) => {
    const target = new URL(request.url())
    if (target.protocol !== 'data:' && target.host !== host) wrong.push(`a request to ${request.url()}`)
  })
  await page.goto(url)
  return { page, context, wrong, tell, close: () => (given === undefined ? context.close() : page.close()) }
}
