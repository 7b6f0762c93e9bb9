/**
 * The tool that a model means by a name with something plain around it: `functions.send_message`, `send_message<|channel|>commentary`,
 * `Send Message`. A name that means none, or several, stays as it is.
 */
export function nameOfCall(written: string, known: readonly string[]): string {
  if (known.includes(written)) return written
  const plain = (text: string): string => text.toLowerCase().replace(/[\s-]+/g, '_')
  const parts = new Set([plain(written.trim()), ...written.slice(0, 500).split(/[^A-Za-z0-9_-]+/).map(plain)])
  const meant = known.filter((name) => parts.has(name))
  return meant.length === 1 ? (meant[0] ?? written) : written
}
