/** A piece of a reply, as the model writes it. The pieces of a reply, joined, are the reply's own text and arguments. */
export type ModelDelta =
  /** Text beside the calls. */
  | { readonly type: 'text'; readonly text: string }
  /** Reasoning that the endpoint keeps apart. */
  | { readonly type: 'thinking'; readonly text: string }
  /** Of the call with this place among the reply's calls. The name comes with its first delta, the id where the endpoint gives one. */
  | { readonly type: 'call'; readonly index: number; readonly id?: string; readonly name?: string; readonly arguments: string }

/** Takes deltas, at once; it never throws. */
export type OnDelta = (delta: ModelDelta) => void
