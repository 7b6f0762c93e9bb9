import type { Page } from 'playwright-core'

/** What makes the page, or what scrolls upwards in it, scroll sideways too. */
export const tooWide = (page: Page): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`[document.documentElement, ...document.querySelectorAll('.sheet, .scroller')].flatMap((box) => {
    if (box.scrollWidth <= box.clientWidth) return []
    const edge = box.getBoundingClientRect().left + box.clientWidth
    const within = [...box.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > edge + 0.5 && one.closest('.scrolls, pre') === null)
    return [box.tagName + '.' + box.className + ': ' + within.slice(0, 4).map((one) => one.outerHTML.slice(0, 120)).join(' | ')]
  })`)
