import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { BlockVersion } from '../../../clients/typescript/src/index.ts'
import { Diff } from '../parts/diff.tsx'
import { EarlierVersions } from '../parts/earlier-versions.tsx'
import { codeOf, Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { asked } from '../parts/asked.ts'
import type { BlockProps } from './block-props.ts'
import { useDoing } from '../parts/doing.ts'
import { TurnLink } from '../shell/turn-link.tsx'

const pageSize = 50
const mostVersions = 1_000
/** The author of what a checkpoint has brought back. Any other that writes in a turn is the agent whose turn it was: a shared block has several. */
const checkpointAuthor = 'checkpoint'

/** Who wrote the block when, what differs between any two versions, and the way back to each. */
export function BlockVersions({ agent, block, onChanged }: BlockProps) {
  const { label, version: present } = block
  const limit = useSignal(pageSize)
  const versions = useMemo(() => asked(() => agent.client.blockHistory(agent.id, label, limit.value)), [agent, label])
  const chosen = useSignal<{ readonly from?: number; readonly to?: number }>({})
  const doing = useDoing()
  useEffect(() => void versions.ask(), [versions, present, limit.value])
  const goBack = async (to: number): Promise<void> => {
    const done = await doing.run(async () => {
      await agent.client.undoBlock(agent.id, label, { to, ...(latest !== undefined && { ifVersion: latest.version }) })
      return `${label} is again as in version ${to}.`
    })
    // What somebody else has written meanwhile is looked at first.
    if (done || codeOf(doing.problem.value) === 'block-conflict') await onChanged()
  }
  const found = versions.value.value ?? []
  const box = useRef<HTMLDivElement>(null)
  const there = found.length > 0
  // Whoever has come for them, by an address or a link, need not look for them below other blocks.
  useEffect(() => {
    if (there) box.current?.closest('.card')?.scrollIntoView({ block: 'nearest' })
  }, [there])
  const [latest, before] = found
  const find = (number: number | undefined): BlockVersion | undefined => found.find(({ version }) => version === number)
  const [from, to] = [find(chosen.value.from) ?? before, find(chosen.value.to) ?? latest]
  return (
    <div class="versions" ref={box}>
      {versions.problem.value !== undefined && <Problem error={versions.problem.value} again={() => void versions.ask()} />}
      {found.length === 0 && !versions.busy.value && <p class="muted">It was never written; it has what it began with.</p>}
      {from !== undefined && to !== undefined && (
        <figure class="difference">
          <figcaption>
            What differs from version {from.version} to version {to.version}
          </figcaption>
          {from.value === to.value ? <p class="muted">Nothing.</p> : <Diff before={from.value} after={to.value} around={200} />}
        </figure>
      )}
      {doing.problem.value !== undefined && <Problem error={doing.problem.value} />}
      {found.length > 0 && (
        <div class="scrolls" tabIndex={0} role="group" aria-label={`Versions of ${label}`}>
          <table>
            <thead>
              <tr>
                <th scope="col">Version</th>
                <th scope="col">Written</th>
                <th scope="col">By</th>
                <th scope="col">Turn</th>
                <th scope="col">Length</th>
                <th scope="col">Compare from</th>
                <th scope="col">to</th>
                <th scope="col">Go back</th>
              </tr>
            </thead>
            <tbody>
              {found.map(({ version, at, author, turn, value }) => (
                <tr key={version}>
                  <th scope="row">{version}</th>
                  {version === 1 ? <td colSpan={2} class="muted">as it began</td> : (
                    <>
                      <td><Time at={at} /></td>
                      <td dir="auto">{shown(author)}</td>
                    </>
                  )}
                  <td>{turn === 0 ? '' : <TurnLink agentId={author === checkpointAuthor ? agent.id : author} turn={turn} />}</td>
                  <td>{value.length.toLocaleString('en')}</td>
                  <td><input type="radio" name={`from-${label}`} aria-label={`Compare from version ${version}`} checked={version === from?.version} onChange={() => (chosen.value = { ...chosen.value, from: version })} /></td>
                  <td><input type="radio" name={`to-${label}`} aria-label={`Compare to version ${version}`} checked={version === to?.version} onChange={() => (chosen.value = { ...chosen.value, to: version })} /></td>
                  <td>
                    {version === latest?.version ? <span class="muted">now</span> : (
                      <button type="button" class="quiet" disabled={doing.busy.value} onClick={() => void goBack(version)}>
                        Go back to {version}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <EarlierVersions shown={found.length} limit={limit} most={mostVersions} />
    </div>
  )
}
