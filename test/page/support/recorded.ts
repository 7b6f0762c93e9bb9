import type { Page } from 'playwright-core'

/** What stands in the conversation as answers of the agent: those that are being written, and those that are stored. */
export interface Shown {
  readonly writes: readonly string[]
  readonly says: readonly string[]
}

/** From now on notes whatever a reader could see of the agent's answers. Gives what was seen so far, in its order, each state once. */
export async function recordAnswers(page: Page): Promise<() => Promise<readonly Shown[]>> {
  await page.evaluate(`(() => {
    const seen = (window.seen = [])
    const textsOf = (name) => [...document.querySelectorAll('.conversation ' + name)].map((one) => one.textContent)
    const look = () => {
      const now = JSON.stringify({ writes: textsOf('.reply.growing'), says: textsOf('.reply:not(.growing)') })
      if (seen.at(-1) !== now) seen.push(now)
    }
    look()
    new MutationObserver(look).observe(document.querySelector('.conversation'), { subtree: true, childList: true, characterData: true, attributes: true })
  })()`)
  return async () => (await page.evaluate<readonly string[]>('window.seen')).map((text) => JSON.parse(text) as Shown)
}
