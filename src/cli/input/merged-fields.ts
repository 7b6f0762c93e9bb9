import { isRecord } from '../../protocol/is-record.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * What two have made of the same fields, in one: what only one of them has changed stands as that one has it, and what both have changed as I
 * have it. A field is taken away by leaving it out. Lists change as a whole.
 */
export function mergedFields({ before, mine, theirs }: { readonly before: Fields; readonly mine: Fields; readonly theirs: Fields }): Fields {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])]
  return Object.fromEntries(
    names.flatMap((name) => {
      const [was, is, other] = [own(before, name), own(mine, name), own(theirs, name)]
      const merged = isRecord(is) && isRecord(other) ? mergedFields({ before: isRecord(was) ? was : {}, mine: is, theirs: other }) : isSame(was, is) ? other : is
      return merged === undefined ? [] : [[name, merged]]
    }),
  )
}

const own = (of: Fields, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined)
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
