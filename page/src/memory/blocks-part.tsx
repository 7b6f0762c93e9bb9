import { useEffect, useMemo } from 'preact/hooks'
import type { ViewProps } from '../live/open-agent.ts'
import { asked } from '../parts/asked.ts'
import { Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { Link } from '../shell/link.tsx'
import { BlockCard } from './block-card.tsx'

/** What happens that may have written a block, or changed which blocks there are. */
const mayChange: ReadonlySet<string> = new Set(['memory', 'end', 'replaced', 'rejoined'])

/** Core memory: the blocks that are always in front of the model, as they are now. */
export function BlocksPart({ agent, rest: [opened] }: ViewProps) {
  const blocks = useMemo(() => asked(() => agent.client.blocks(agent.id)), [agent])
  useEffect(() => {
    void blocks.ask()
    return agent.conversation.listen(({ type }) => void (mayChange.has(type) && blocks.ask()))
  }, [agent, blocks])
  const reload = async (): Promise<void> => {
    await Promise.all([blocks.ask(), agent.reload()])
  }
  const { value: found } = blocks.value
  return (
    <>
      {blocks.problem.value !== undefined && <Problem error={blocks.problem.value} again={() => void blocks.ask()} />}
      {found === undefined && blocks.problem.value === undefined && <p class="muted">Loading…</p>}
      {found?.length === 0 && <p class="muted">It has no blocks. <Link to={{ agent: agent.id, view: 'definition' }}>Its definition</Link> attaches one.</p>}
      {found !== undefined && opened !== undefined && !found.some(({ label }) => label === opened) && (
        <p role="status">
          It has no block “{shown(opened)}” now: it was given another label, or taken away, or never was there. These are its blocks.
        </p>
      )}
      {found?.map((block) => (
        <BlockCard key={block.blockId} agent={agent} block={block} opened={opened === block.label} onChanged={reload} />
      ))}
    </>
  )
}
