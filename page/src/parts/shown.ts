/**
 * A text of somebody else as it is shown. Signs that turn the order of the letters after them round are named in their place: with them a text
 * can look like another one. Scripts that are written from the right need none of them; each block finds its direction by itself.
 */
export const shown = (text: string): string => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, (sign) => `⟨U+${sign.charCodeAt(0).toString(16).toUpperCase()}⟩`)

/** Without half a sign at either end: those beyond the first 65,536 are two units. */
export const wholeSigns = (part: string): string => part.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '')

/** The beginning, where the rest would fill the line. */
export function cut(text: string, characters: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= characters ? line : `${wholeSigns(line.slice(0, characters - 1))}…`
}

export const counted = (count: number, thing: string): string => `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`
