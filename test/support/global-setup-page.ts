import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'
import { findChromium } from '../servers/chromium.ts'
import { isUnavailable, type Unavailable } from '../servers/require-server.ts'
import { newest, root } from './built-command.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The program of the browser, or why there is none. */
    browser: { readonly path: string } | Unavailable
    /** The folder of the page as it is built. */
    pageFolder: string
  }
}

/** For tests in a browser: the page as users have it, built anew where a source is newer. */
export default async function setup(project: TestProject): Promise<void> {
  const browser = await findChromium()
  if (isUnavailable(browser) && process.env['CI']) throw new Error(browser.unavailable)
  project.provide('browser', browser)
  const folder = join(root, 'dist', 'page')
  const index = join(folder, 'index.html')
  const sources = ['page', 'clients'].map((name) => newest(join(root, name)))
  if (!existsSync(index) || Math.max(...sources) > statSync(index).mtimeMs) await build({ root: join(root, 'page'), configFile: join(root, 'page', 'vite.config.ts') })
  project.provide('pageFolder', folder)
}
