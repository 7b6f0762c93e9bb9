import { printable } from '../output/printable.ts'
import { widthOf } from '../terminal/width.ts'
import { withoutTabs } from '../terminal/wrap.ts'

export interface DrawnCharacter {
  /** What stands for it on the screen. */
  readonly shown: string
  readonly width: number
  /** The row ends with it. */
  readonly isBreak: boolean
}

/** A character of a text that is typed, as it is drawn. */
export function drawnCharacter(character: string): DrawnCharacter {
  if (character.endsWith('\n')) return { shown: '', width: 0, isBreak: true }
  const shown = withoutTabs(printable(character))
  return { shown, width: widthOf(shown), isBreak: false }
}
