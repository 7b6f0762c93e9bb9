import { shown } from './parts/shown.ts'
import { decoded } from './shell/address.ts'
import { Link } from './shell/link.tsx'

/** What stands where an address leads nowhere: something else in its place would be taken for what was looked for. */
export function Nowhere({ agent }: { readonly agent: string | undefined }) {
  return (
    <main class="alone">
      <h1 tabIndex={-1}>There is nothing at this address</h1>
      <p>
        No view of this page is called <code dir="auto">{shown(decoded(location.pathname))}</code>.
      </p>
      <div class="buttons">
        {agent !== undefined && (
          <Link class="button" to={{ agent, view: 'chat' }}>
            Chat with {shown(agent)}
          </Link>
        )}
        <Link class="button" to={{}}>
          All agents
        </Link>
      </div>
    </main>
  )
}
