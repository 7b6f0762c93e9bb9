import type { Palette } from '../output/palette.ts'

/** What was entered. */
export interface Entered {
  readonly text: string
  /** It begins with what was pasted: then it is a message, however it begins. */
  readonly pasted: boolean
}

/** What can stand in place of the word that ends at the cursor. */
export interface Completions {
  /** Where that word begins. */
  readonly from: number
  readonly words: readonly string[]
}

/** Where a chat takes place: a terminal with a prompt that stays below what is printed, or input and output of a script. */
export interface ChatConsole {
  /** A person sits there: lines can come while a turn runs, and Ctrl-C is a key. */
  readonly interactive: boolean
  /** Shows what grows. Elsewhere whole messages are shown. */
  readonly live: boolean
  readonly palette: Palette
  /** Of one line. */
  readonly columns: number
  /** Texts are broken at that width. Elsewhere they are left as they are. */
  readonly wraps: boolean
  /** The next entry; undefined at the end of the input. */
  next(): Promise<Entered | undefined>
  /** Shows what was entered as part of the conversation, where it does not stand there already. */
  echo(text: string): void
  /** Part of the conversation. */
  print(text: string): void
  /** About the conversation: what goes wrong, and what a script is not interested in. */
  remark(text: string): void
  /** Shows lines that are not final, in place of those shown before. */
  growing(lines: readonly string[]): void
  /** Shows that something is being done, until it is called without. */
  busy(what?: string): void
  /** A quiet line that stays until there is another one. */
  note(text: string): void
  /** Called for Ctrl-C, where it is a key. */
  onInterrupt(handler: () => void): void
  /** Asked at Tab. */
  completeBy(complete: (text: string) => Promise<Completions>): void
  /** Lets the person write in an editor of theirs; undefined where there is none, or where it has failed. */
  edit(text: string): Promise<string | undefined>
  /** Empties the screen. */
  clear(): void
  /** Puts a text into the line, to be entered or changed. */
  draft(text: string): void
  close(): void
}
