export interface ToolOutcome {
  readonly ok: boolean
  /** The text for the model. */
  readonly text: string
  /** The text for the user, from `send_message`. */
  readonly reply?: string
}

export interface Claim {
  readonly agentId: string
  /** Operation id of the call. */
  readonly op: string
  /** Who claimed: one attempt of one activity. */
  readonly owner: string
  readonly outcome?: ToolOutcome
}

/** The ledger of tool calls: claimed before an effect that must not happen twice, and then given the outcome. */
export interface ClaimStore {
  /** Inserts if absent; returns the claim as stored. */
  claim(claim: Claim): Promise<Claim>
  get(agentId: string, op: string): Promise<Claim | undefined>
  /** Sets the outcome if there is none yet; returns the claim as stored: the first outcome stands. Claims if need be. */
  setOutcome(claim: Required<Claim>): Promise<Claim>
}
