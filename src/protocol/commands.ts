/** The commands. They run between turns, never during one. */
export type AgentCommand =
  /** Takes the last exchange out of the context; recall keeps it, marked. */
  | { readonly type: 'pop' }
  /** Keeps queue, summary and core memory under a name. */
  | { readonly type: 'save'; readonly name: string }
  /** Goes back to a checkpoint; what came since stays in recall. */
  | { readonly type: 'load'; readonly name: string }
  /** Goes on in a new run, all of which is encrypted under the current key. */
  | { readonly type: 'renew' }
  /** Ends the workflow; with `erase` all that is stored of the agent is deleted. */
  | { readonly type: 'archive'; readonly erase: boolean }

export interface CommandRequest {
  readonly id: string
  readonly command: AgentCommand
}

export interface CommandAnswer {
  readonly status: 'done' | 'refused' | 'carried'
  /** Why it was refused. */
  readonly code?: string
  /** For a person. */
  readonly detail: string
}
