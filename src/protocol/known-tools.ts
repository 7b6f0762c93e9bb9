/** A short workflow by which a client asks a worker of a queue whether it knows tools, before an agent is created that names them. */
export const knownToolsWorkflowType = 'knownTools'
/** Each question has one of its own. */
export const knownToolsWorkflowIdOf = (question: string): string => `known-tools:${question}`

export interface KnownToolsInput {
  readonly tools: readonly string[]
}

export interface KnownToolsActivities {
  /** Which of the tools the worker does not know, and which it does, for whoever named them; nothing where it knows all. */
  checkTools(input: KnownToolsInput): Promise<{ readonly problem?: string }>
}
