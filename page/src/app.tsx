import { Fragment } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { AgentPage } from './agent-page.tsx'
import { AgentsView } from './agents/agents-view.tsx'
import { KeysView } from './keys/keys-view.tsx'
import { announce, Announcer } from './parts/announce.tsx'
import { LeaveQuestion } from './parts/leave-question.tsx'
import { place } from './shell/address.ts'
import { forgetKey, hasKey, keyWanted, tenant } from './shell/key.ts'
import { KeyDialog, KeyPage } from './shell/key-form.tsx'
import { Link } from './shell/link.tsx'
import { Network } from './shell/network.tsx'
import { client } from './shell/server.ts'
import { ThemeSwitch } from './shell/theme.tsx'
import { viewNamed } from './views.ts'

export function App() {
  const { site, agent, view, rest } = place.value
  const outside = keyWanted.value === 'to-enter'
  const heading = agent === undefined ? (site === 'keys' ? 'Keys' : 'Agents') : `${agent}: ${viewNamed(view).title}`
  const before = useRef(heading)
  useEffect(() => {
    document.title = `${heading} · Perdure`
    // Whoever works by keyboard, or hears the page, goes on from its heading; and where the keyboard is elsewhere, is told what is shown now.
    if (document.activeElement === document.body) document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true })
    else if (heading !== before.current) announce(heading)
    before.current = heading
  }, [heading, outside])
  return (
    <>
      <header class="top">
        <Link to={{}} class="brand" aria-current={agent === undefined && site === undefined ? 'page' : undefined}>
          Perdure
        </Link>
        <nav aria-label="Where you are">
          <Link to={{}}>Agents</Link>
          {agent !== undefined && (
            <>
              <span aria-hidden="true">/</span>
              <strong class="name">{agent}</strong>
            </>
          )}
        </nav>
        <span class="space" />
        {!outside && (
          <Link to={{ site: 'keys' }} class="quiet button" aria-current={site === 'keys' ? 'page' : undefined}>
            Keys
          </Link>
        )}
        {hasKey.value && !outside && site !== 'keys' && (
          <button type="button" class="quiet forget" onClick={forgetKey}>
            Forget the key
          </button>
        )}
        <ThemeSwitch />
      </header>
      <Network />
      {/* Another tenant's agents of the same name are others. */}
      <Fragment key={tenant.value}>{outside ? <KeyPage /> : site === 'keys' ? <KeysView client={client} /> : agent === undefined ? <AgentsView client={client} /> : <AgentPage key={agent} client={client} id={agent} view={view} rest={rest} />}</Fragment>
      {keyWanted.value === 'to-go-on' && <KeyDialog />}
      <LeaveQuestion />
      <Announcer />
    </>
  )
}
