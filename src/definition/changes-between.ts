import { invalidArgument } from '../protocol/errors.ts'
import { isRecord } from '../protocol/is-record.ts'
import { pairedLabels } from './paired-labels.ts'

type Fields = Readonly<Record<string, unknown>>

/** Objects that change by their fields; everything else, `metadata` and `sampling.extra` too, changes as a whole. */
const byFields = new Set(['pressure', 'budget', 'agentBudget', 'sampling'])

/**
 * What is to be changed in one form of a definition (see `changeable`) to come to the other one, which a person has edited. What is left
 * out there is taken away. A block that stands under another label with its id was renamed. Nothing of it is checked here.
 * @throws PerdureError `invalid-argument` for what no one change can do
 */
export function changesBetween(before: Fields, after: Fields): Fields {
  return between(before, after, (name, was, is) => {
    if (name === 'blocks') return blocksBetween(was, is)
    return byFields.has(name) ? between(was, is) : is
  })
}

function between(before: Fields, after: Fields, inner: (name: string, was: Fields, is: Fields) => unknown = (_, __, is) => is): Fields {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return Object.fromEntries(
    names.flatMap((name) => {
      const [was, is] = [own(before, name), own(after, name)]
      if (JSON.stringify(was) === JSON.stringify(is)) return []
      if (is === undefined) return [[name, null]]
      return [[name, isRecord(was) && isRecord(is) ? inner(name, was, is) : is]]
    }),
  )
}

function blocksBetween(before: Fields, after: Fields): Fields {
  const labels = pairedLabels(before, after)
  const changed = Object.keys(before).map((label) => {
    const now = labels.get(label)
    return [label, now === undefined ? null : blockBetween(own(before, label), own(after, now), now === label ? undefined : now)] as const
  })
  const paired = new Set(labels.values())
  const added = Object.keys(after).filter((label) => !paired.has(label))
  const twice = added.find((label) => Object.hasOwn(before, label))
  if (twice !== undefined) {
    throw invalidArgument(`blocks.${twice} was renamed to ${labels.get(twice) ?? ''}, and a new block has its label: first rename the one, and then add the other`)
  }
  return Object.fromEntries([...changed.filter(([, change]) => change !== undefined), ...added.map((label) => [label, own(after, label)] as const)])
}

/** Undefined where nothing changes. An id that was left out is no other one. */
function blockBetween(was: unknown, is: unknown, label: string | undefined): unknown {
  if (!isRecord(was) || !isRecord(is)) return is
  const changes = { ...between(was, { ...('blockId' in was && { blockId: was['blockId'] }), ...is }), ...(label !== undefined && { label }) }
  return Object.keys(changes).length > 0 ? changes : undefined
}

const own = (of: Fields, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined)
