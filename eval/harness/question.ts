export type ScoreName = 'exact' | 'contained' | 'rougeL'

export interface Question {
  readonly id: string
  /** Questions of one group have one mean: a nesting level, a skill. */
  readonly group: string
  readonly text: string
  /** Any of these is right. */
  readonly expected: readonly string[]
  /** What the system needs to set the question's scene; known to the kind alone. */
  readonly scene: unknown
}

export interface Answer {
  readonly text: string
  /** Why there is no answer: the turn was stopped, say. It scores nothing. */
  readonly failure?: string
  readonly figures: Figures
}

/** What an answer took. Absent: not known, or there was no such thing. */
export interface Figures {
  readonly steps: number
  readonly promptTokens: number
  readonly completionTokens: number
  readonly latencyMs: number
  /** Micro-dollars, where the model's price is known. */
  readonly costMicros?: number
  /** Events in the history of the agent's workflow. */
  readonly events?: number
}

/** One line of the JSONL file. */
export interface Row {
  readonly kind: string
  readonly system: string
  readonly model: string
  readonly run: number
  readonly seed: number
  readonly question: string
  readonly group: string
  readonly asked: string
  readonly expected: readonly string[]
  readonly answer: string
  readonly failure?: string
  readonly scores: Readonly<Partial<Record<ScoreName, number>>>
  readonly figures: Figures
}
