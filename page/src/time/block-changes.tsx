import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { BlockVersion, HttpClient } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { asked } from '../parts/asked.ts'
import { Diff } from '../parts/diff.tsx'
import { EarlierVersions } from '../parts/earlier-versions.tsx'
import { Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { Link } from '../shell/link.tsx'
import { TurnLink } from '../shell/turn-link.tsx'

const pageSize = 10
const mostChanges = 640

interface BlockChange {
  readonly label: string
  readonly made: BlockVersion
  readonly before: string
}

/** What happens that may have written a block, or changed which blocks there are. */
const mayChange: ReadonlySet<string> = new Set(['memory', 'end', 'rejoined'])

/** Who wrote which block, newest first. */
export function BlockChanges({ agent: { client, id, conversation } }: { readonly agent: OpenAgent }) {
  const limit = useSignal(pageSize)
  const changes = useMemo(() => asked(() => changesOf(client, id, limit.value)), [client, id])
  useEffect(() => {
    void changes.ask()
    return conversation.listen(({ type }) => void (mayChange.has(type) && changes.ask()))
  }, [changes, conversation, limit.value])
  const { problem, value: { value: found } } = changes
  return (
    <section aria-label="Changes of blocks">
      <h2>Changes of blocks</h2>
      {problem.value !== undefined && <Problem error={problem.value} again={() => void changes.ask()} />}
      {found === undefined && problem.value === undefined && <p class="muted">Loading…</p>}
      {found?.length === 0 && <p class="muted">No block was written yet.</p>}
      {found !== undefined && found.length > 0 && (
        <ul class="changes">
          {found.map(({ label, before, made: { version, at, author, turn, value } }) => (
            <li key={`${label} ${version}`}>
              <details>
                <summary>
                  <Time at={at} /> <strong dir="auto">{shown(label)}</strong> <span class="muted" dir="auto">version {version}, by {shown(author)}</span>
                </summary>
                <Diff before={before} after={value} around={120} />
              </details>
              <span class="where">
                {turn > 0 && (author === id ? <Link to={{ agent: id, view: 'time', rest: [String(turn)] }}>turn {turn}</Link> : <TurnLink agentId={author} turn={turn} />)}{' '}
                <Link to={{ agent: id, view: 'memory', rest: ['blocks', label] }}>
                  versions<span class="unseen"> of {label}</span>
                </Link>
              </span>
            </li>
          ))}
        </ul>
      )}
      <EarlierVersions shown={found?.length ?? 0} limit={limit} most={mostChanges} />
    </section>
  )
}

/** The newest of all blocks that the agent has now. */
async function changesOf(client: HttpClient, id: string, limit: number): Promise<readonly BlockChange[]> {
  const blocks = await client.blocks(id)
  const all = await Promise.all(
    blocks.map(async ({ label }) => {
      // One more: what the last one has changed.
      const versions = await client.blockHistory(id, label, limit + 1)
      // The first one is what it began with: whoever wrote the second has kept it.
      return versions.slice(0, limit).filter(({ version }) => version > 1).map((made, index): BlockChange => ({ label, made, before: versions[index + 1]?.value ?? '' }))
    }),
  )
  return all
    .flat()
    .sort((one, other) => Date.parse(other.made.at) - Date.parse(one.made.at))
    .slice(0, limit)
}
