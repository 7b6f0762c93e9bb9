import type { Page } from 'playwright-core'

/** What a function gives that runs in the page, with the first element of the selector. @param work its text: tests know nothing of the types of a page */
export const onElement = (page: Page, selector: string, work: string): Promise<unknown> => page.evaluate(`(${work})(document.querySelector(${JSON.stringify(selector)}))`)
