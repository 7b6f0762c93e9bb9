/** The part of prompts that is the same for many steps, once for each agent that had it. */
export interface PromptFrame {
  /** Of the body: names the frame. */
  readonly digest: string
  /** JSON, as a text, so that a store keeps it letter for letter. */
  readonly body: string
}

export interface PromptFrameStore {
  /** Inserts if absent. */
  put(agentId: string, frame: PromptFrame): Promise<void>
  get(agentId: string, digest: string): Promise<PromptFrame | undefined>
}
