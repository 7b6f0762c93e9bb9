import type { Arena } from './arena.ts'
import type { Answer, Question, ScoreName } from './question.ts'

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
  /** Questions of one run; the same for the same seed. `most`: of each group. */
  questions(options: { readonly seed: number; readonly most: number | undefined }): Promise<readonly Question[]>
  /** Who is asked. With a real model the rules that stand in for one are left out. */
  systems(setting: { readonly model: 'rules' | 'endpoint' }): readonly System[]
}

/** One way of answering: an agent with a policy, a prompt without memory, a search. */
export interface System {
  readonly name: string
  readonly about: string
  ask(question: Question, arena: Arena, run: number): Promise<Answer>
}
