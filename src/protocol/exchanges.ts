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
  /** Up to where an embedding model has been given them. Those of them that it refused are at the end of what has vectors, and keep none behind them back. */
  readonly after?: ExchangesGiven
}

export interface ExchangesGiven {
  /** Sequence numbers of the first and the last message of the latest exchange that was given. */
  readonly first: number
  readonly last: number
  /** The last message of the latest exchange that had a vector then; 0: none had. */
  readonly behind: number
  /** To which model. Another one refuses other texts. */
  readonly model: string
}

export interface ExchangesPart {
  readonly embedded: number
  /** Whether there may be more of them. */
  readonly more: boolean
  /** Where the next part begins. Absent: nothing was given to the model. */
  readonly after?: ExchangesGiven
}

export interface ExchangeActivities {
  /** A part of an agent's exchanges, so that others have their turn. */
  embedExchanges(input: ExchangesToEmbed): Promise<ExchangesPart>
}
