import { linesOf } from './blocks.ts'
import { factsIn, keyOf, type Fact } from './facts.ts'
import type { PlannedCall } from './move.ts'
import { withHeartbeat } from './move.ts'
import { blockOf, type Situation } from './situation.ts'

/** The facts of a text that core memory does not hold yet. */
export function newFactsIn(situation: Situation, text: string): readonly Fact[] {
  return factsIn(text).filter((fact) => isNew(situation, fact))
}

export function isNew(situation: Situation, { label, line }: Fact): boolean {
  return !linesOf(blockOf(situation, label)).some((known) => known.toLowerCase() === line.toLowerCase())
}

/** One call for each fact that takes the place of an old line, and one for each block that gets new lines. */
export function writesOf(situation: Situation, facts: readonly Fact[]): readonly PlannedCall[] {
  const replacements = facts.flatMap((fact) => {
    const old = oldTextOf(situation, fact)
    return old === undefined
      ? []
      : [{ fact, call: withHeartbeat('core_memory_replace', { label: fact.label, old_content: old, new_content: fact.line }) }]
  })
  const replacing = new Set(replacements.map(({ fact }) => fact))
  const appends = (['human', 'persona'] as const).flatMap((label) => {
    const content = facts
      .filter((fact) => fact.label === label && !replacing.has(fact))
      .map((fact) => fact.line)
      .join('\n')
    if (content === '') return []
    const writable = situation.view.toolNames.has('core_memory_append') && blockOf(situation, label)?.readOnly === false
    return [writable ? withHeartbeat('core_memory_append', { label, content }) : withHeartbeat('archival_memory_insert', { content })]
  })
  return [...replacements.map(({ call }) => call), ...appends].filter((call) => situation.view.toolNames.has(call.name))
}

function oldTextOf(situation: Situation, { label, line }: Fact): string | undefined {
  const block = blockOf(situation, label)
  if (block === undefined || block.readOnly || !situation.view.toolNames.has('core_memory_replace')) return undefined
  // The agent's own name often stands within prose.
  const inProse = line.startsWith('My name is ') ? /My name is [^.\n]+\.?/.exec(block.value)?.[0] : undefined
  const key = keyOf(line)
  return inProse ?? linesOf(block).find((known) => keyOf(known) === key)
}
