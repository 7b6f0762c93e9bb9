import { isRecord } from '../protocol/is-record.ts'

type Fields = Readonly<Record<string, unknown>>

/** Objects that change by their fields; everything else, `metadata` too, changes as a whole. */
const byFields = new Set(['blocks', 'pressure', 'budget', 'agentBudget'])

/**
 * What is to be changed in one form of a definition (see `changeable`) to come to the other one, which a person has edited. What is left
 * out there is taken away. Nothing of it is checked here.
 */
export function changesBetween(before: Fields, after: Fields): Fields {
  return between(before, after, (name) => byFields.has(name))
}

function between(before: Fields, after: Fields, isNested: (name: string) => boolean): Fields {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(
    names.flatMap((name) => {
      const was = Object.hasOwn(before, name) ? before[name] : undefined
      const is = Object.hasOwn(after, name) ? after[name] : undefined
      if (JSON.stringify(was) === JSON.stringify(is)) return []
      if (is === undefined) return [[name, null]]
      // A block changes by its fields too.
      return [[name, isNested(name) && isRecord(was) && isRecord(is) ? between(was, is, () => name === 'blocks') : is]]
    }),
  )
}
