/**
 * The tool that a model means by a name with something plain around it: `functions.send_message`, `send_message<|channel|>commentary`,
 * `mcp__server__send_message`, `functions_send_message`, `SendMessage_tool`, and the name twice, as some gateways join its pieces. A name that means none, or several, stays as it is.
 */
export function nameOfCall(written: string, known: readonly string[]): string {
  if (known.includes(written)) return written
  if (written.length > longest) return written
  const once = /^([^]{1,64}?)\1+$/.exec(written.trim())?.[1] ?? ''
  const parts = new Set([written.trim(), once, ...written.split(/[^A-Za-z0-9_-]+/)].flatMap(formsOf))
  const meant = known.filter((name) => parts.has(plain(name)))
  return meant.length === 1 ? (meant[0] ?? written) : written
}

/** A model that goes on and on writes longer ones, which would take minutes to look through. */
const longest = 500

/** The name itself, without what says only that it is a tool's, and without the server that it is of. */
function formsOf(part: string): readonly string[] {
  const whole = plain(part)
  return [whole, whole.replace(/(?:_tool)+$/, ''), whole.replace(/^(?:default_api|functions?|tools?|api)_+/, ''), whole.split('__').at(-1) ?? '']
}

const plain = (text: string): string => text.normalize('NFKC').replaceAll('\\_', '_').replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase().replace(/[\s.-]+/g, '_')
