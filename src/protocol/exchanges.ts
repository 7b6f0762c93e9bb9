export const exchangesWorkflowType = 'exchanges'
/** One for each agent, while something of it is to be embedded. */
export const exchangesWorkflowIdOf = (agentId: string): string => `exchanges:${agentId}`

/** Says to the workflow that runs that more has left the context. */
export const leftSignal = 'left'

/** What the workflow starts with. */
export interface ExchangesToEmbed {
  readonly agentId: string
  /** The highest sequence number that has left the agent's context. */
  readonly left: number
}

export interface ExchangeActivities {
  /** A part of an agent's exchanges, so that others have their turn. `more`: whether there may be more of them. */
  embedExchanges(input: ExchangesToEmbed): Promise<{ readonly embedded: number; readonly more: boolean }>
}
