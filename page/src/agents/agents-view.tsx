import './agents.css'
import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { HttpClient, ListedAgent } from '../../../clients/typescript/src/index.ts'
import { Problem } from '../parts/problem.tsx'
import { Stays } from '../parts/unsaved.ts'
import { go, placeAt, search } from '../shell/address.ts'
import { useKeptScroll } from '../shell/stood-at.ts'
import { AgentRows } from './agent-rows.tsx'
import { rowDetails } from './details.ts'
import { EndAgent } from './end-agent.tsx'
import { Filters } from './filters.tsx'
import { inSight } from './in-sight.ts'
import { listedAgents } from './listed.ts'
import { NewAgent } from './new-agent.tsx'
import { addressOfWanted, wantedIn } from './wanted.ts'

const refreshMs = 8_000
/** So far from what one sees rows are drawn. */
const nearPixels = 1_000

/** All agents: those that one sees are asked about again and again, while somebody looks. */
export function AgentsView({ client }: { readonly client: HttpClient }) {
  const list = useMemo(() => listedAgents(client), [client])
  const wanted = useMemo(() => wantedIn(search.value), [search.value])
  const box = useKeptScroll<HTMLElement>()
  const end = useRef<HTMLDivElement>(null)
  const asked = useSignal<{ readonly what: 'archive' | 'delete' | 'copy'; readonly agent: ListedAgent } | { readonly what: 'new' } | undefined>(undefined)

  useEffect(() => list.find(wanted), [list, wanted])
  /** The same for all rows, as long as the client is: so rows that have not changed are not drawn again. */
  const { seen, ...row } = useMemo(() => {
    const seen = new Set<string>()
    return {
      seen,
      near: inSight(nearPixels),
      inView: inSight(),
      details: rowDetails(client),
      onSeen: (key: string, now: boolean): void => {
        if (now) seen.add(key)
        else seen.delete(key)
      },
      onTag: (tag: string): void => go(addressOfWanted({ ...wantedIn(search.peek()), tag })),
      onAsk: (what: 'archive' | 'delete' | 'copy', agent: ListedAgent): void => void (asked.value = { what, agent }),
    }
  }, [client])
  useEffect(() => () => row.details.close(), [row.details])
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && !list.loading.value) void list.refresh(seen)
    }, refreshMs)
    return () => clearInterval(timer)
  }, [list])
  const { value: pages } = list.pages
  useEffect(() => {
    if (end.current === null) return
    // A page that fills less than the window is followed by the next one.
    const watcher = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting === true) void list.next()
    }, { root: end.current.closest('.sheet'), rootMargin: '600px' })
    watcher.observe(end.current)
    return () => watcher.disconnect()
  }, [list, pages.length, list.loading.value])

  const close = (changed: boolean): void => {
    asked.value = undefined
    if (changed) void list.refresh()
  }
  const question = asked.value
  const filtered = addressOfWanted(wanted) !== '/'
  return (
    <main class="sheet" ref={box}>
      <div class="column agents">
        <div class="agents-head">
          <h1 tabIndex={-1}>Agents</h1>
          <button type="button" class="main" onClick={() => (asked.value = { what: 'new' })}>
            New agent
          </button>
        </div>
        <Filters wanted={wanted} />
        {list.problem.value !== undefined && <Problem error={list.problem.value} again={() => list.find(list.wanted.value)} />}
        {pages.every(({ agents }) => agents.length === 0) && !list.more.value && <p class="muted">{filtered ? 'No agent matches.' : 'There is no agent yet. Make the first one.'}</p>}
        {pages.some(({ agents }) => agents.length > 0) && (
          <div class="agent-rows" role="list">
            {pages.map(({ after = '', groups }) => groups.map(({ from, agents }) => <AgentRows key={`${after} ${from}`} agents={agents} {...row} />))}
          </div>
        )}
        {list.more.value && <p class="printed">There are more agents than these: they were not loaded, and so are not printed.</p>}
        <div ref={end}>{list.more.value && list.problem.value === undefined && <p class="muted centred">Loading…</p>}</div>
      </div>
      <Stays.Provider value={isTheList}>
        {question?.what === 'new' && <NewAgent client={client} like={undefined} onClose={() => close(false)} />}
        {question?.what === 'copy' && <NewAgent client={client} like={question.agent} onClose={() => close(false)} />}
        {(question?.what === 'archive' || question?.what === 'delete') && <EndAgent client={client} agent={question.agent} how={question.what} onClose={close} />}
      </Stays.Provider>
    </main>
  )
}

function isTheList({ pathname }: URL): boolean {
  const { site, agent } = placeAt(pathname)
  return site === undefined && agent === undefined
}
