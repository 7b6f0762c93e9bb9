import type { Locator, Page } from 'playwright-core'

/** What makes the page, or what scrolls upwards in it, scroll sideways too. */
export const tooWide = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`[document.documentElement, ...document.querySelectorAll('.sheet, .scroller')].flatMap((box) => {
    if (box.scrollWidth <= box.clientWidth) return []
    const edge = box.getBoundingClientRect().left + box.clientWidth
    const within = [...box.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > edge + 0.5 && one.closest('.scrolls, pre') === null)
    return [box.tagName + '.' + box.className + ': ' + within.slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join(' | ')]
  })`)

/** Those whose text is wider than they are. */
export const runOver = (page: Page, selector: string): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 120))`)

/** Whether all of it is in the window as it stands, and nothing covers it. */
export async function isInSight(one: Locator): Promise<boolean> {
  const [box, window] = [await one.boundingBox(), one.page().viewportSize()]
  if (box === null || window === null) return false
  const { x, y, width, height } = box
  if (x < 0 || y < 0 || x + width > window.width || y + height > window.height) return false
  return one.click({ trial: true, timeout: 2_000 }).then(() => true, () => false)
}
