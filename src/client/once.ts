import { createHash } from 'node:crypto'
import { usedForAnother } from '../protocol/commands.ts'
import type { ClaimStore } from '../stores/claims.ts'

export interface PersonsCommand {
  readonly agentId: string
  /** Operation id, made of the command's id. */
  readonly op: string
  /** All that was asked for: under the same id only the same may be asked again. */
  readonly asked: unknown
}

/**
 * Does what a person commands once under its id: said again, it finds in the ledger that it was done. A command that died in the middle is
 * done to its end by the next attempt, which `act` is told of. What fails is not done, and may be tried again.
 * @throws PerdureError `invalid-argument` where something else was commanded under the id
 */
export async function once(claims: ClaimStore, { agentId, op, asked }: PersonsCommand, act: (again: boolean) => Promise<void>): Promise<{ readonly already: boolean }> {
  const owner = createHash('sha256').update(JSON.stringify(asked)).digest('base64url')
  const earlier = await claims.get(agentId, op)
  const claim = earlier ?? (await claims.claim({ agentId, op, owner }))
  if (claim.owner !== owner) throw usedForAnother(op.slice(op.lastIndexOf('/') + 1))
  if (claim.outcome !== undefined) return { already: true }
  await act(earlier !== undefined)
  await claims.setOutcome({ agentId, op, owner, outcome: { ok: true, text: 'done' } })
  return { already: false }
}
