import type { Palette } from '../output/palette.ts'

/** Where a chat takes place: a terminal with a prompt that stays below what is printed, or input and output of a script. */
export interface ChatConsole {
  /** A person sits there: lines can come while a turn runs, and Ctrl-C is a key. */
  readonly interactive: boolean
  readonly palette: Palette
  /** Characters of one line. */
  readonly columns: number
  /** The lines that are entered, until the end of the input. Called once. */
  lines(): AsyncIterable<string>
  /** Part of the conversation. */
  print(text: string): void
  /** About the conversation: what goes wrong, and what a script is not interested in. */
  remark(text: string): void
  /** Shows that something is being done, until it is called without. */
  busy(what?: string): void
  /** Called for Ctrl-C, where it is a key. */
  onInterrupt(handler: () => void): void
  close(): void
}
