import { keyWanted } from './key.ts'
import { answers, offline, slow } from './server.ts'

/** What keeps the page from being what the server knows, if anything does. */
const sentence = (): string | undefined => {
  if (offline.value) return 'This machine is offline. What you see here stays, and what you write is kept and sent once there is a network.'
  if (!answers.value) return 'The server does not answer. It is asked again; what you see here stays, and what you write is kept.'
  if (keyWanted.value === 'later') return 'The server wants an access key. Until it has one, nothing here is new, and nothing is sent.'
  if (slow.value) return 'The server takes long to answer, or the way to it is slow. It is waited for; what you see here may be behind.'
  return undefined
}

/** How it stands with the way to the server, where it does not go without saying. */
export function Network() {
  const said = sentence()
  return (
    <div role="status">
      {said !== undefined && (
        <p class="banner">
          {said}{' '}
          {keyWanted.value === 'later' && (
            <button type="button" onClick={() => (keyWanted.value = 'to-go-on')}>
              Give a key
            </button>
          )}
        </p>
      )}
    </div>
  )
}
