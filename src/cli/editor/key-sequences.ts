/** A control sequence, with the one more letter of Linux' console; or a terminal's answer, up to its end. */
const sequence = new RegExp('\\u001b(?:\\[\\[[A-E]|\\[[0-?]*[ -/]*[@-~]|[\\]P^_X][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\))', 'g')
/** What Node reads as one key. Of any other sequence it takes the beginning, and what is left for characters that were typed. */
const readByNode = new RegExp('^\\u001b\\[(?:\\[[A-E]|\\d{1,3}(?:;\\d)?[~^$]|(?:\\d(?:;\\d)?)?[A-Za-z])$')
/** A key by its number, with what is held beside it, as xterm writes it, and kitty; of kitty's, `event` 3 is its release. */
const numbered = new RegExp('^\\u001b\\[(?:27;(?<held>\\d+);(?<code>\\d+)~|(?<kittyCode>\\d+)(?::\\d*)*(?:;(?<kittyHeld>\\d*)(?::(?<event>\\d+))?(?:;[\\d:]*)?)?u)$')
/** The beginning of one, with which Node waits too; and as much of it that Node may be wrong about it. */
const opened = new RegExp('\\u001b\\[?$')
const begun = new RegExp('\\u001b\\[[0-?]+[ -/]*$')
/** What belongs to one sequence comes at once: whatever comes later was typed. */
const togetherMs = 100

const [enter, tab, escape, space, backspace] = [13, 9, 27, 32, 127] as const

/**
 * Rewrites what a terminal sends so that Node reads each key as one: keys by their numbers become the older form of the same key, and what is no
 * key, as a terminal's answer to a question, goes. Pieces come in order, and may be cut anywhere.
 */
export function keySequences(): (piece: string) => string {
  /** Not handed on yet. */
  let held = ''
  /** Handed on: how a sequence begins. */
  let open = ''
  let latest = -Infinity
  return (piece) => {
    const now = performance.now()
    const [behind, together] = now - latest > togetherMs ? [held, ''] : ['', open + held]
    const before = together === '' ? '' : open
    latest = now
    const text = together + piece
    const rest = begun.exec(text)?.[0] ?? ''
    if (before !== '' && rest === text) {
      held = text.slice(before.length)
      return behind
    }
    held = rest
    const out = text.slice(0, text.length - rest.length).replace(sequence, inOlderForm)
    open = rest === '' ? (opened.exec(out)?.[0] ?? '') : ''
    // Where it has become another one, what Node has of it is ended as a key that writes nothing.
    return behind + (out.startsWith(before) ? out.slice(before.length) : `${before === '\u001b' ? '[' : ''}0~${out}`)
  }
}

function inOlderForm(written: string): string {
  const { held, code, kittyCode, kittyHeld, event } = numbered.exec(written)?.groups ?? {}
  const number = code ?? kittyCode
  if (number === undefined) return readByNode.test(written) ? written : ''
  return event === '3' ? '' : keyOf(Number(number), Math.max(0, Number(held ?? (kittyHeld || '1')) - 1))
}

/** @param beside the keys that are held, as bits: 1 Shift, 2 Alt, 4 Ctrl */
function keyOf(code: number, beside: number): string {
  const [shift, alt, ctrl] = [(beside & 1) !== 0, (beside & 2) !== 0, (beside & 4) !== 0]
  const before = alt ? '\u001b' : ''
  switch (code) {
    case enter:
      // A line break, whatever is held.
      return shift || alt || ctrl ? '\u001b\r' : '\r'
    case tab:
      return shift ? '\u001b[Z' : '\t'
    case escape:
      return '\u001b'
    case backspace:
    case 8:
      return `${ctrl ? '\u001b' : before}\u007f`
  }
  // Keys that have no character have numbers where Unicode has none for all.
  if (code < space || code > 0x10ffff || (code >= 0xe000 && code <= 0xf8ff) || (code >= 0xd800 && code <= 0xdfff)) return ''
  const character = String.fromCodePoint(code)
  if (ctrl) return /[a-z]/i.test(character) ? before + String.fromCharCode(code & 0x1f) : ''
  return before + (shift ? character.toUpperCase() : character)
}
