import { useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals'
import type { AgentChanges, DefinitionDifference } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { useDoing, type Doing } from '../parts/doing.ts'
import { codeOf } from '../parts/problem.tsx'

/** What somebody else has changed while a person was writing. */
export interface Meanwhile {
  readonly version: number
  readonly differences: readonly DefinitionDifference[]
}

export interface ChangeOfDefinition extends Pick<Doing, 'busy' | 'problem'> {
  readonly meanwhile: ReadonlySignal<Meanwhile | undefined>
  /** Makes the next version of what the person has seen, and of no other. @param said what was changed */
  save(changes: AgentChanges, said: string): Promise<boolean>
}

export const versionOf = ({ record }: OpenAgent): number => record.value?.version ?? 1

/**
 * A change of the definition by one form. It counts for the version that was in force when the form was opened, or for a later one whose
 * differences the person is shown.
 */
export function useChange(agent: OpenAgent): ChangeOfDefinition {
  const { client, id } = agent
  const begun = useSignal(versionOf(agent)).value
  const meanwhile = useSignal<Meanwhile | undefined>(undefined)
  const saved = useSignal(false)
  const doing = useDoing()
  const { busy, problem } = doing
  useSignalEffect(() => {
    const version = versionOf(agent)
    if (version === (meanwhile.peek()?.version ?? begun) || busy.value || saved.value) return
    // Where it can't be told what has changed, saving is refused: so nothing is written over unseen.
    client.compareDefinitions(id, { before: begun, after: version }).then(
      (differences) => (meanwhile.value = { version, differences }),
      () => undefined,
    )
  })
  return {
    busy,
    problem,
    meanwhile,
    save: async (changes, said) => {
      const done = await doing.run(async () => {
        const { resumed } = await client.update(id, changes, { ifVersion: meanwhile.value?.version ?? begun })
        saved.value = true
        return `${said} ${resumed ? `${id} was parked, and tries again.` : `${id} goes by it from its next step on.`}`
      })
      if (done || codeOf(problem.value) === 'definition-conflict') await agent.reload()
      return done
    },
  }
}
