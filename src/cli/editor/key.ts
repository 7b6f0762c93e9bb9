/** A key as Node's `readline.emitKeypressEvents` tells it. */
export interface Key {
  readonly name?: string | undefined
  readonly ctrl?: boolean | undefined
  readonly meta?: boolean | undefined
  readonly shift?: boolean | undefined
  /** The character, for keys that write one. */
  readonly text?: string | undefined
}

/** `ctrl-c`, `alt-return`, `up`: how the tables of keys call it. */
export function keyName({ name = '', ctrl = false, meta = false }: Key): string {
  return `${ctrl ? 'ctrl-' : ''}${meta ? 'alt-' : ''}${name}`
}

/** The character that the key writes into the line, if it does. */
export function characterOf({ text, ctrl = false, meta = false }: Key): string | undefined {
  return text === undefined || text === '' || ctrl || meta || /^\p{Cc}/u.test(text) ? undefined : text
}
