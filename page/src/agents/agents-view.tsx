import './agents.css'
import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { HttpClient, ListedAgent } from '../../../clients/typescript/src/index.ts'
import { Problem } from '../parts/problem.tsx'
import { AgentRows } from './agent-rows.tsx'
import { rowDetails } from './details.ts'
import { EndAgent } from './end-agent.tsx'
import { Filters } from './filters.tsx'
import { everything, listedAgents } from './listed.ts'
import { NewAgent } from './new-agent.tsx'

const refreshMs = 8_000

/** All agents: those that one sees are asked about again and again, while somebody looks. */
export function AgentsView({ client }: { readonly client: HttpClient }) {
  const list = useMemo(() => listedAgents(client), [client])
  const details = useMemo(() => rowDetails(client), [client])
  const seen = useRef(new Set<string>())
  const end = useRef<HTMLDivElement>(null)
  const asked = useSignal<{ readonly what: 'archive' | 'delete' | 'copy'; readonly agent: ListedAgent } | { readonly what: 'new' } | undefined>(undefined)

  useEffect(() => list.find(everything), [list])
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && !list.loading.value) void list.refresh(seen.current)
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

  const onSeen = (key: string, now: boolean): void => {
    if (now) seen.current.add(key)
    else seen.current.delete(key)
  }
  const close = (changed: boolean): void => {
    asked.value = undefined
    if (changed) void list.refresh()
  }
  const question = asked.value
  const filtered = list.wanted.value !== everything
  return (
    <main class="sheet">
      <div class="column agents">
        <div class="agents-head">
          <h1 tabIndex={-1}>Agents</h1>
          <button type="button" class="main" onClick={() => (asked.value = { what: 'new' })}>
            New agent
          </button>
        </div>
        <Filters list={list} />
        {list.problem.value !== undefined && <Problem error={list.problem.value} again={() => list.find(list.wanted.value)} />}
        {pages.every(({ agents }) => agents.length === 0) && !list.more.value && <p class="muted">{filtered ? 'No agent matches.' : 'There is no agent yet. Make the first one.'}</p>}
        {pages.some(({ agents }) => agents.length > 0) && (
          <div class="agent-rows" role="list">
            {pages.map(({ after = '', agents }) => (
              <AgentRows key={after} agents={agents} details={details} onSeen={onSeen} onTag={(tag) => list.find({ ...list.wanted.value, tag })} onAsk={(what, of) => (asked.value = { what, agent: of })} />
            ))}
          </div>
        )}
        <div ref={end}>{list.more.value && list.problem.value === undefined && <p class="muted centred">Loading…</p>}</div>
      </div>
      {question?.what === 'new' && <NewAgent client={client} like={undefined} onClose={() => close(false)} />}
      {question?.what === 'copy' && <NewAgent client={client} like={question.agent} onClose={() => close(false)} />}
      {(question?.what === 'archive' || question?.what === 'delete') && <EndAgent client={client} agent={question.agent} how={question.what} onClose={close} />}
    </main>
  )
}
