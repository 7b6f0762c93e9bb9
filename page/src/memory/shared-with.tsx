import { useSignal } from '@preact/signals'
import type { BlockView, HttpClient } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { Problem } from '../parts/problem.tsx'
import { Link } from '../shell/link.tsx'

const pageSize = 200

interface Sharer {
  readonly id: string
  readonly label: string
}

/** With whom a block is shared. Nothing keeps a list of that: it is looked for among all agents, when somebody asks. */
export function SharedWith({ agent, block: { blockId } }: { readonly agent: OpenAgent; readonly block: BlockView }) {
  const found = useSignal<readonly Sharer[] | 'looking' | undefined>(undefined)
  const problem = useSignal<unknown>(undefined)
  const record = agent.record.value
  const isOwn = record !== undefined && blockId.startsWith(`${record.key}/`)
  const isShared = record?.definition.blocks.some((block) => block.blockId === blockId && block.shared === true)
  if (record === undefined || (isOwn && isShared !== true)) return null
  const look = async (): Promise<void> => {
    found.value = 'looking'
    problem.value = undefined
    try {
      found.value = await sharersOf(agent.client, blockId, record.key)
    } catch (error) {
      problem.value = error
      found.value = undefined
    }
  }
  const { value } = found
  return (
    <div class="shared">
      <p class="muted">
        {isOwn ? 'Other agents may name it as theirs, and read and write it.' : blockId.includes('/') ? 'It is another agent’s block, shared with this one.' : `It is shared by all agents that name the block “${blockId}”.`}
      </p>
      {value === undefined && (
        <button type="button" class="quiet" onClick={() => void look()}>
          Who shares it?
        </button>
      )}
      {value === 'looking' && <p class="muted" role="status">Looking through all agents…</p>}
      {Array.isArray(value) && (
        <p role="status">
          {value.length === 0 ? 'Nobody else at present.' : 'Shared with '}
          {(value as readonly Sharer[]).map(({ id, label }, index) => (
            <>
              {index > 0 && ', '}
              <Link key={id} to={{ agent: id, view: 'memory', rest: ['blocks', label] }}>
                {id}
              </Link>
            </>
          ))}
        </p>
      )}
      {problem.value !== undefined && <Problem error={problem.value} again={() => void look()} />}
    </div>
  )
}

async function sharersOf(client: HttpClient, blockId: string, key: string): Promise<readonly Sharer[]> {
  const sharers: Sharer[] = []
  for (let after: string | undefined; ; ) {
    const page = await client.list({ limit: pageSize, ...(after !== undefined && { after }) })
    for (const { key: other, definition } of page.agents) {
      const shared = definition.blocks.find((block) => block.blockId === blockId)
      if (shared !== undefined && other !== key) sharers.push({ id: definition.id, label: shared.label })
    }
    if (page.next === undefined) return sharers
    after = page.next
  }
}
