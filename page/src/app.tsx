import { Fragment } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { AgentPage } from './agent-page.tsx'
import { AgentsView } from './agents/agents-view.tsx'
import { KeysView } from './keys/keys-view.tsx'
import { Nowhere } from './nowhere.tsx'
import { announce, Announcer } from './parts/announce.tsx'
import { LeaveQuestion } from './parts/leave-question.tsx'
import { place, type Place } from './shell/address.ts'
import { forgetKey, hasKey, keyWanted, tenant } from './shell/key.ts'
import { KeyDialog, KeyPage } from './shell/key-form.tsx'
import { Link } from './shell/link.tsx'
import { Network } from './shell/network.tsx'
import { client } from './shell/server.ts'
import { ThemeSwitch } from './shell/theme.tsx'
import { isNowhere, viewNamed } from './views.ts'

export function App() {
  const { site, agent } = place.value
  const outside = keyWanted.value === 'to-enter'
  const heading = headingOf(place.value)
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
      <Fragment key={tenant.value}>{outside ? <KeyPage /> : <Shown {...place.value} />}</Fragment>
      {keyWanted.value === 'to-go-on' && <KeyDialog />}
      <LeaveQuestion />
      <Announcer />
    </>
  )
}

function headingOf(at: Place): string {
  if (isNowhere(at)) return 'Nothing here'
  const { site, agent, view } = at
  if (agent === undefined) return site === 'keys' ? 'Keys' : 'Agents'
  return `${agent}: ${viewNamed(view).title}`
}

/** What is at that address. */
function Shown(at: Place) {
  const { site, agent, view, rest } = at
  if (isNowhere(at)) return <Nowhere agent={agent} />
  if (agent === undefined) return site === 'keys' ? <KeysView client={client} /> : <AgentsView client={client} />
  return <AgentPage key={agent} client={client} id={agent} view={view} rest={rest} />
}
