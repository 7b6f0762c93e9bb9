import { keyName, type Key } from './key.ts'

/** Reads the keys of the first piece that a terminal gives to a program. */
export interface EarlyKeys {
  /** The keys that this one stands for. */
  read(key: Key): readonly Key[]
  /** The keys that follow the last one of the piece. */
  end(): readonly Key[]
}

/**
 * What waits in the terminal when a program asks for keys has line feeds for Enter. One line that a line feed ends was entered. Several lines may
 * have been typed or pasted, which can't be told, so they are one text, as if pasted: none of them is sent, and none is a command. What comes behind
 * a carriage return, a Ctrl-C or a mark of bracketed paste was typed since then: those keys are what they always are.
 * A terminal holds some 4 KB for a program. What is pasted beyond that comes in a later piece, of which nothing is known here.
 */
export function earlyKeys(piece: string): EarlyKeys {
  const [early = ''] = piece.split(/[\r\u0003]|\u001b\[200~/, 1)
  const isText = early.split('\n').filter((line) => line.trim() !== '').length > 1
  let place: 'before' | 'within' | 'behind' = 'before'
  const end = (): readonly Key[] => {
    const closes = isText && place === 'within'
    place = 'behind'
    return closes ? [{ name: 'paste-end' }] : []
  }
  return {
    read: (key) => {
      const name = keyName(key)
      if (place === 'behind' || name === 'return' || name === 'ctrl-c' || name === 'paste-start') return [...end(), key]
      if (!isText) return [name === 'enter' ? { name: 'return' } : key]
      const opens = place === 'before'
      place = 'within'
      return opens ? [{ name: 'paste-start' }, key] : [key]
    },
    end,
  }
}
