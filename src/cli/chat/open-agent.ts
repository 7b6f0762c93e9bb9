import type { PerdureClient } from '../../client/client.ts'
import { PerdureError } from '../../protocol/errors.ts'
import type { StoredAgent } from '../../index.ts'

export interface WantedAgent {
  readonly id: string
  readonly persona?: string
  readonly human?: string
  /** Asked for; what is not asked for an existing agent need not be so. */
  readonly model?: string
  readonly contextWindow?: number
  readonly approval?: string[]
}

export interface AgentDefaults {
  readonly model: string
  readonly contextWindow: number
}

/**
 * The agent of that name: the one that lives, or a new one.
 * @throws PerdureError `agent-exists` where it lives and was created otherwise than asked for, `agent-archived`
 */
export async function openAgent(client: PerdureClient, wanted: WantedAgent, defaults: AgentDefaults): Promise<{ readonly created: boolean; readonly agent: StoredAgent }> {
  const agent = await client.get(wanted.id)
  if (agent === undefined) return client.create({ ...defaults, ...wanted })
  if (agent.archivedAt !== undefined) {
    throw new PerdureError('agent-archived', `agent ${JSON.stringify(wanted.id)} was archived at ${agent.archivedAt}; choose another name by --agent`)
  }
  const differing = differences(wanted, agent)
  if (differing.length > 0) {
    throw new PerdureError(
      'agent-exists',
      `agent ${JSON.stringify(wanted.id)} lives already, and was created with another ${differing.join(' and another ')}. To come back to it leave out ` +
        `${differing.map((option) => `--${option}`).join(' and ')}; for a new one choose another name by --agent; to begin anew run \`perdure delete ${wanted.id}\` first`,
    )
  }
  return { created: false, agent }
}

function differences(wanted: WantedAgent, { definition }: StoredAgent): string[] {
  const block = (label: string): string | undefined => definition.blocks.find((candidate) => candidate.label === label)?.value
  const pairs = [
    ['persona', wanted.persona, block('persona')],
    ['human', wanted.human, block('human')],
    ['model', wanted.model, definition.model],
    ['context-window', wanted.contextWindow, definition.contextWindow],
    ['approve', wanted.approval?.toSorted().join(), definition.approval?.toSorted().join()],
  ] as const
  return pairs.filter(([, asked, has]) => asked !== undefined && asked !== has).map(([option]) => option)
}
