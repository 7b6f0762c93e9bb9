import type { ListedAgent } from '../../../clients/typescript/src/index.ts'

/** So many rows are drawn, or taken away, at once: more would hold up a frame. */
const together = 10

/** Rows that are drawn together. */
export interface RowGroup {
  /** Its agents come from this name on, up to where the next group begins; empty: from where the page begins. */
  readonly from: string
  readonly agents: readonly ListedAgent[]
}

const idOf = ({ definition: { id } }: ListedAgent): string => id

/**
 * The agents of a page in groups. They begin where they began before, whoever was made or deleted meanwhile: so no row goes from one group to
 * another, which would take it off the page, and the keyboard with it. A group that has become too long is parted, and one of the same agents is
 * the same one.
 */
export function groupsOf(agents: readonly ListedAgent[], before: readonly RowGroup[] = []): readonly RowGroup[] {
  const bounds = before.length === 0 ? [''] : before.map(({ from }) => from)
  return bounds.flatMap((from, index) => {
    const upTo = bounds[index + 1]
    const within = agents.filter((agent) => (index === 0 || idOf(agent) >= from) && (upTo === undefined || idOf(agent) < upTo))
    // The last one of a page takes what follows, and is parted as soon as it is full.
    const most = upTo === undefined ? together : 2 * together
    const parts = within.length <= most ? [within] : Array.from({ length: Math.ceil(within.length / together) }, (_, part) => within.slice(part * together, (part + 1) * together))
    return parts.flatMap((part, number): RowGroup[] => {
      const [first] = part
      if (first === undefined) return []
      const old = before[index]
      if (number === 0 && old !== undefined && old.agents.length === part.length && old.agents.every((agent, place) => agent === part[place])) return [old]
      return [{ from: number === 0 ? from : idOf(first), agents: part }]
    })
  })
}
