import type { Arena } from './arena.ts'

/** One of the evaluations: where its questions come from, who answers them, and how an answer is scored. */
export interface EvalKind {
  /** As on the command line, and in `test/requirements.ts` after `eval:`. */
  readonly name: string
  readonly title: string
  /** What is asked, and which paper asks so. */
  readonly about: string
  /** What the groups of its questions are: "nesting levels", "skill". */
  readonly groupTitle: string
  readonly scores: readonly ScoreName[]
  /** Its questions come from a file of the user's, `--data`; without one it is left out. */
  readonly needsData?: true
  /** Questions of one run; the same for the same seed. `most`: of each group. */
  questions(options: { readonly seed: number; readonly most: number | undefined; readonly data: string | undefined }): Promise<readonly Question[]>
  /** Who is asked. With a real model the rules that stand in for one are left out. */
  systems(setting: { readonly model: 'rules' | 'endpoint' }): readonly System[]
}

export type ScoreName = 'exact' | 'contained' | 'rougeL' | 'recallAtK'

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

/** One way of answering: an agent with a policy, a prompt without memory, a search. */
export interface System {
  readonly name: string
  readonly about: string
  ask(question: Question, arena: Arena, run: number): Promise<Answer>
}

export interface Answer {
  readonly text: string
  /** Scores that the system itself finds, such as recall of evidence; the others are taken from `text`. */
  readonly scores?: Partial<Record<ScoreName, number>>
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
