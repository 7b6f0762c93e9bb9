import { isJson } from '../../protocol/json.ts'

export interface ArgumentsInPieces {
  /** All that has come. */
  readonly written: string
  /** @returns what this piece adds */
  take(piece: string): string
  /** Nothing more comes. @returns what was not certain until now */
  end(): string
}

/**
 * The arguments of a call, which come in pieces. Some servers send with each piece all that came before it. A piece that begins with all that is
 * written repeats it where that can't stand once more in JSON; where it could, as `{"a":` may within `{"a":{"a":1}}`, the next piece shows it.
 */
export function argumentsInPieces(): ArgumentsInPieces {
  let written = ''
  let held: string | undefined
  let repeating = false

  const append = (piece: string): string => {
    written += piece
    return piece
  }
  const replace = (piece: string): string => {
    repeating = true
    const added = piece.slice(written.length)
    written = piece
    return added
  }
  const take = (piece: string): string => {
    if (held !== undefined) {
      const before = held
      held = undefined
      if (!piece.startsWith(before)) return append(before) + take(piece)
      return replace(before) + replace(piece)
    }
    if (written === '' || !piece.startsWith(written)) return append(piece)
    if (repeating || !canStandWithin(written)) return replace(piece)
    held = piece
    return ''
  }
  return {
    get written() {
      return written + (held ?? '')
    },
    take,
    end: () => {
      const last = held ?? ''
      held = undefined
      return isJson(last) && !isJson(written + last) ? replace(last) : append(last)
    },
  }
}

/** Whether the beginning of an object can stand once more behind itself: only where a value is to come. */
const canStandWithin = (begun: string): boolean => !begun.trimStart().startsWith('{') || (/[:[,]\s*$/.test(begun) && !endsInText(begun))

function endsInText(json: string): boolean {
  let inText = false
  for (let at = 0; at < json.length; at += 1) {
    if (json[at] === '\\' && inText) at += 1
    else if (json[at] === '"') inText = !inText
  }
  return inText
}
