import type { PassageOrigin, PassageView } from '../../client/passage-view.ts'
import { printable } from './printable.ts'
import { beginning, indented, shortTime } from './text.ts'

const shown = { lines: 4, characters: 400 }
const all = { lines: 10_000, characters: 100_000 }

/** What a person sees of a passage: its id, where it comes from, and its text. */
export function passageLines({ op, at, tags, text, origin, edits = [], supersedes, supersededBy }: PassageView, { whole = false } = {}): string[] {
  const marks = tags.map((tag) => ` #${printable(tag)}`).join('')
  return [
    `${printable(op)}  ${shortTime(at)}, by ${originText(origin)}${marks}`,
    ...edits.map((edit) => `    edited ${shortTime(edit.at)} by ${printable(edit.by)}`),
    ...(supersedes === undefined ? [] : [`    in the place of ${supersedes}`]),
    ...(supersededBy === undefined ? [] : [`    superseded by ${supersededBy}`]),
    indented(beginning(printable(text), whole ? all : shown), 4),
  ]
}

function originText(origin: PassageOrigin): string {
  switch (origin.by) {
    case 'agent':
      return origin.turn === undefined ? 'the agent' : `the agent in turn ${origin.turn}`
    case 'person':
      return printable(origin.name)
    case 'document':
      return `document ${printable(origin.document)}`
  }
}
