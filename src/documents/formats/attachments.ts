import type { Found } from '../found.ts'
import type { Zip } from '../zip.ts'
import { relationsOf } from './related.ts'

const mostNamed = 20

/** Other documents within one are not read with it. */
export function noteAttachments(found: Found, names: readonly string[]): void {
  if (names.length === 0) return
  const text = `attachments are named, not read; load them by themselves: ${names.slice(0, mostNamed).join(', ')}${names.length > mostNamed ? `, and ${names.length - mostNamed} more` : ''}`
  found.unread = found.unread === undefined ? text : `${found.unread}; ${text}`
}

/** Documents within one of Office. Charts have their tables there, whose figures stand in the chart as well. */
export function embeddedIn(zip: Zip): string[] {
  const ofCharts = new Set(zip.names.filter((name) => /\/charts\/[^/]+\.xml$/.test(name)).flatMap((chart) => [...relationsOf(zip, chart).values()].map(({ target }) => target)))
  return zip.names.filter((name) => /\/embeddings\/[^/]+$/.test(name) && !ofCharts.has(name))
}
