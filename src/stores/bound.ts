import type { ClaimStore } from './claims.ts'

interface Binding {
  readonly agentId: string
  /** Of `opOf.bound`, or one under which nothing else is claimed. */
  readonly op: string
}

/**
 * Binds what is asked for under an id to a value, and gives the value that it is bound to: the first one stands, whoever asks later, and
 * whatever he sees by then. So a repetition goes by what its first attempt went by, also where everybody who knew of that is gone.
 */
export async function bindTo(claims: Pick<ClaimStore, 'setOutcome'>, { agentId, op }: Binding, value: string): Promise<string> {
  const { outcome } = await claims.setOutcome({ agentId, op, owner: op, outcome: { ok: true, text: value } })
  return outcome?.text ?? value
}

/** What it was bound to before; undefined where it was not. */
export async function boundBefore(claims: Pick<ClaimStore, 'get'>, { agentId, op }: Binding): Promise<string | undefined> {
  return (await claims.get(agentId, op))?.outcome?.text
}
