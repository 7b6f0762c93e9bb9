import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { ViewProps } from '../live/open-agent.ts'
import { asked } from '../parts/asked.ts'
import { useDoing } from '../parts/doing.ts'
import { EarlierVersions } from '../parts/earlier-versions.tsx'
import { codeOf, Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { addressOf, go, numberIn } from '../shell/address.ts'
import { Differences } from './differences.tsx'
import { versionOf } from './use-change.ts'

const pageSize = 50
const mostVersions = 1_000

/** Who changed the definition when, what differs between any two versions, and the way back to each: `/definition/versions/FROM/TO`. */
export function VersionsPart({ agent, rest }: ViewProps) {
  const { client, id } = agent
  const limit = useSignal(pageSize)
  const versions = useMemo(() => asked(() => client.definitions(id, { limit: limit.value })), [client, id])
  const doing = useDoing()
  const present = versionOf(agent)
  useEffect(() => void agent.reload(), [agent])
  useEffect(() => void versions.ask(), [versions, present, limit.value])
  const found = versions.value.value ?? []
  const latest = found[0]?.version
  const [from, to] = [numberIn(rest[0]) ?? (latest === undefined ? undefined : latest - 1), numberIn(rest[1]) ?? latest]
  const differences = useMemo(() => asked(async () => (from === undefined || from < 1 || to === undefined ? undefined : client.compareDefinitions(id, { before: from, after: to }))), [client, id, from, to])
  useEffect(() => void differences.ask(), [differences])
  const compare = (one: number | undefined, other: number | undefined): void => go(addressOf({ agent: id, view: 'definition', rest: ['versions', String(one ?? 1), String(other ?? 1)] }), { replace: true })
  const goBack = async (version: number): Promise<void> => {
    const done = await doing.run(async () => {
      const made = await client.undoDefinition(id, { to: version, ...(latest !== undefined && { ifVersion: latest }) })
      return `Version ${made.version} is as version ${version} was. ${made.resumed ? `${id} was parked, and tries again.` : ''}`
    })
    // What somebody else has changed meanwhile is looked at first.
    if (done || codeOf(doing.problem.value) === 'definition-conflict') await agent.reload()
    if (!done) return
    go(addressOf({ agent: id, view: 'definition', rest: ['versions'] }), { replace: true })
  }
  return (
    <section class="card versions" aria-label="Versions">
      {versions.problem.value !== undefined && <Problem error={versions.problem.value} again={() => void versions.ask()} />}
      {found.length === 0 && versions.problem.value === undefined && <p class="muted">Loading…</p>}
      {latest === 1 && <p class="muted">It was never changed.</p>}
      {doing.problem.value !== undefined && <Problem error={doing.problem.value} />}
      {found.length > 0 && (
        <div class="scrolls" tabIndex={0} role="group" aria-label="Versions of the definition">
          <table>
            <thead>
              <tr>
                {['Version', 'Made', 'By', 'Turn', 'Compare from', 'to', 'Undo'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.map(({ version, at, author, turn }) => (
                <tr key={version}>
                  <th scope="row">{version}</th>
                  <td><Time at={at} /></td>
                  <td dir="auto">{shown(author)}</td>
                  <td>{turn === 0 ? '' : turn}</td>
                  <td><input type="radio" name="from" aria-label={`Compare from version ${version}`} checked={version === from} onChange={() => compare(version, to)} /></td>
                  <td><input type="radio" name="to" aria-label={`Compare to version ${version}`} checked={version === to} onChange={() => compare(from, version)} /></td>
                  <td>
                    {version === latest ? <span class="muted">in force</span> : (
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
      {from !== undefined && from >= 1 && (
        <figure class="difference">
          <figcaption>
            What differs from version {from} to version {to}
          </figcaption>
          {differences.problem.value !== undefined && <Problem error={differences.problem.value} again={() => void differences.ask()} />}
          {differences.value.value !== undefined && <Differences of={differences.value.value} />}
        </figure>
      )}
    </section>
  )
}
