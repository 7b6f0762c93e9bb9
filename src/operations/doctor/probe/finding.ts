/** One thing that a model's endpoint can or can't do. */
export interface ProbeFinding {
  readonly capability:
    | 'reachable'
    | 'key'
    | 'model'
    | 'tool calls'
    | 'required tool choice'
    | 'parallel calls'
    | 'usage'
    | 'sampling'
    | 'embeddings'
    | 'embedding limits'
    | 'context window'
    | 'latency'
  /** `unknown`: the endpoint did not let us find out. */
  readonly state: 'ok' | 'missing' | 'unknown'
  /** What was found, for a person. */
  readonly found: string
  /** What to do about it; absent where there is nothing to do. */
  readonly advice?: string
  /** Whether agents can't work, or not as configured, while it is missing. */
  readonly essential: boolean
}
