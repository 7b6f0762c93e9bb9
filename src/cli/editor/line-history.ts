/** Entries of before, newest first, and where in them one is. */
export interface LineHistory {
  readonly entries: readonly string[]
  add(entry: string): void
  /** The entry before the one that is shown, or after it; `draft` is what was typed when one began to look. Undefined where there is none. */
  older(draft: string): string | undefined
  newer(): string | undefined
  /** The next entry from `from` on, towards older ones, that has the words; -1 where none has. */
  find(words: string, from: number): number
  /** What is typed next is a new draft. */
  leave(): void
}

const mostEntries = 500

/** Each entry once, the newest first, as many as are kept. */
export const withNewest = (entry: string, entries: readonly string[]): string[] => [entry, ...entries.filter((other) => other !== entry)].slice(0, mostEntries)

/** `onAdd` is told each entry that is new. */
export function lineHistory(earlier: readonly string[], onAdd: (entry: string) => void): LineHistory {
  let entries = [...earlier].slice(0, mostEntries)
  let place = -1
  let kept = ''
  return {
    get entries() {
      return entries
    },
    add: (entry) => {
      place = -1
      if (entry.trim() === '' || entries[0] === entry) return
      entries = withNewest(entry, entries)
      onAdd(entry)
    },
    older: (draft) => {
      if (place + 1 >= entries.length) return undefined
      if (place === -1) kept = draft
      place += 1
      return entries[place]
    },
    newer: () => {
      if (place === -1) return undefined
      place -= 1
      return place === -1 ? kept : entries[place]
    },
    find: (words, from) => entries.findIndex((entry, index) => index >= from && entry.toLowerCase().includes(words.toLowerCase())),
    leave: () => {
      place = -1
    },
  }
}
