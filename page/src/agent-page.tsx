import { useCallback, useEffect, useMemo } from 'preact/hooks'
import type { HttpClient } from '../../clients/typescript/src/index.ts'
import { openAgent } from './live/open-agent.ts'
import { Guarded } from './parts/guarded.tsx'
import { Problem } from './parts/problem.tsx'
import { shown } from './parts/shown.ts'
import { Stays } from './parts/unsaved.ts'
import { placeAt } from './shell/address.ts'
import { Link } from './shell/link.tsx'
import { StandingBadge } from './live/standing-badge.tsx'
import { viewNamed, views } from './views.ts'

export interface AgentPageProps {
  readonly client: HttpClient
  readonly id: string
  readonly view: string | undefined
  readonly rest: readonly string[]
}

/** One agent: its views, and what they share. */
export function AgentPage({ client, id, view, rest }: AgentPageProps) {
  const agent = useMemo(() => openAgent(client, id), [client, id])
  useEffect(() => () => agent.close(), [agent])
  const { Content, name, title } = viewNamed(view)
  const stays = useCallback(
    ({ pathname }: URL) => {
      const to = placeAt(pathname)
      return to.agent === id && viewNamed(to.view).name === name
    },
    [id, name],
  )
  const definition = agent.record.value?.definition
  return (
    <main class="agent">
      <div class="agent-head">
        <h1 tabIndex={-1}>
          {shown(definition?.name ?? id)}
          <span class="unseen">: {title}</span>
        </h1>
        <StandingBadge standing={agent.conversation.standing.value} />
        {definition !== undefined && <span class="muted model">{definition.model}</span>}
        <nav class="tabs" aria-label="Views of the agent">
          {views.map((one) => (
            <Link key={one.name} to={{ agent: id, view: one.name }} aria-current={one.name === name ? 'page' : undefined}>
              {one.title}
            </Link>
          ))}
        </nav>
      </div>
      {agent.problem.value !== undefined && <Problem error={agent.problem.value} again={() => void agent.reload()} />}
      {agent.absent.value ? (
        <Absent id={id} />
      ) : (
        <Guarded key={`${name} ${agent.life.value}`}>
          <Stays.Provider value={stays}>
            <Content agent={agent} rest={rest} />
          </Stays.Provider>
        </Guarded>
      )}
    </main>
  )
}

function Absent({ id }: { readonly id: string }) {
  return (
    <div class="sheet">
      <div class="column">
        <p role="alert">There is no agent “{shown(id)}”: it was deleted, or never made.</p>
        <div class="buttons">
          <Link class="button" to={{}}>
            All agents
          </Link>
          <button type="button" onClick={() => location.reload()}>
            Look again
          </button>
        </div>
      </div>
    </div>
  )
}
