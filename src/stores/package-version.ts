import { readFileSync } from 'node:fs'

/** The version in our own package. What is stored names it, so it is down here. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}
