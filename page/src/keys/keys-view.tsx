import './keys.css'
import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { AccessKey, AccessKeyInput, HttpClient } from '../../../clients/typescript/src/index.ts'
import { asked } from '../parts/asked.ts'
import { presentMs } from '../parts/clock.ts'
import { codeOf, Problem } from '../parts/problem.tsx'
import { shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { forgetKey, hasKey, usedKeyId, useKey } from '../shell/key.ts'
import { useKeptScroll } from '../shell/stood-at.ts'
import { MadeKey } from './made-key.tsx'
import { NewKey } from './new-key.tsx'
import { RevokeKey } from './revoke-key.tsx'

/** Who may ask the server: its keys, which are made and revoked here. */
export function KeysView({ client }: { readonly client: HttpClient }) {
  const keys = useMemo(() => asked(() => client.accessKeys()), [client])
  const box = useKeptScroll<HTMLElement>()
  const making = useSignal(false)
  const made = useSignal<{ readonly name: string; readonly text: string; readonly used: boolean } | undefined>(undefined)
  const revoking = useSignal<AccessKey | undefined>(undefined)
  useEffect(() => void keys.ask(), [keys])
  const make = async (input: AccessKeyInput): Promise<void> => {
    const { key, accessKey } = await client.createAccessKey(input)
    // The first key closes the server to whoever has none: this page too, and with it what stands here.
    const used = !hasKey.value
    made.value = { name: accessKey.name, text: key, used }
    if (used) useKey(key, false)
    await keys.ask()
  }
  const closeRevoking = (done: boolean): void => {
    revoking.value = undefined
    if (done) void keys.ask()
  }
  const { value: found } = keys.value
  const refused = codeOf(keys.problem.value) === 'scope-missing'
  return (
    <main class="sheet" ref={box}>
      <div class="column keys">
        <div class="keys-head">
          <h1 tabIndex={-1}>Keys</h1>
          {!refused && (
            <button type="button" class="main" disabled={found === undefined} onClick={() => (making.value = true)}>
              New key
            </button>
          )}
        </div>
        {made.value !== undefined && !making.value && <MadeKey {...made.value} onDone={() => (made.value = undefined)} />}
        {refused ? (
          <section class="card" aria-label="Refused">
            <p role="alert">
              The key that this page asks with may not see keys, nor make or revoke any: that needs the right <code>admin</code>.
            </p>
            <p class="muted" dir="auto">{keys.problem.value instanceof Error && shown(keys.problem.value.message)} <code>scope-missing</code></p>
            <div class="buttons">
              <button type="button" onClick={forgetKey}>
                Ask with another key
              </button>
            </div>
          </section>
        ) : (
          keys.problem.value !== undefined && <Problem error={keys.problem.value} again={() => void keys.ask()} />
        )}
        {found === undefined && keys.problem.value === undefined && <p class="muted">Loading…</p>}
        {found?.length === 0 && <p>There is no key yet: the server answers whoever asks from its own machine, and nobody else.</p>}
        {found !== undefined && found.length > 0 && <KeyTable keys={found} onRevoke={(key) => (revoking.value = key)} />}
        {hasKey.value && !refused && (
          <div class="buttons">
            <button type="button" onClick={forgetKey}>
              Forget the key
            </button>
            <span class="muted">This page asks with a key, which it keeps until its tab is closed, or on this machine where you have said so.</span>
          </div>
        )}
      </div>
      {making.value && <NewKey first={found?.length === 0 && !hasKey.value} make={make} onClose={() => (making.value = false)} />}
      {revoking.value !== undefined && <RevokeKey client={client} accessKey={revoking.value} own={revoking.value.id === usedKeyId.value} onClose={closeRevoking} />}
    </main>
  )
}

function KeyTable({ keys, onRevoke }: { readonly keys: readonly AccessKey[]; readonly onRevoke: (key: AccessKey) => void }) {
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label="Keys, as a table">
      <table>
        <thead>
          <tr>
            {['Name', 'State', 'Allows', 'Made', 'Last used', 'Expires', 'Id', 'Revoke'].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const { id, name, scopes, createdAt, lastUsedAt, expiresAt, revokedAt } = key
            const state = revokedAt !== undefined ? 'revoked' : expiresAt !== undefined && Date.parse(expiresAt) <= presentMs() ? 'expired' : 'in force'
            return (
              <tr key={id} class={state === 'in force' ? undefined : 'over'}>
                <th scope="row" dir="auto">
                  {shown(name)}
                  {id === usedKeyId.value && <span class="muted"> (this page’s)</span>}
                </th>
                <td>
                  {state}
                  {revokedAt !== undefined && <> <Time at={revokedAt} /></>}
                </td>
                <td>{scopes.join(', ')}</td>
                <td><Time at={createdAt} /></td>
                <td>{lastUsedAt === undefined ? 'never' : <Time at={lastUsedAt} relative />}</td>
                <td>{expiresAt === undefined ? 'never' : <Time at={expiresAt} />}</td>
                <td><code>{id}</code></td>
                <td>
                  {state === 'in force' && (
                    <button type="button" class="quiet bad" onClick={() => onRevoke(key)}>
                      Revoke<span class="unseen"> {name}</span>
                    </button>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
