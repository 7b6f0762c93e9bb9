import type { AsideAnswer, AsideMessage } from '../protocol/aside.ts'
import { PerdureError } from '../protocol/errors.ts'
import { limits } from '../protocol/limits.ts'
import type { AsideCost } from './asides.ts'

/**
 * Text of inferences that run: what whoever watches an agent sees before the step's message is stored. And asides, between whoever asks and the
 * worker that answers. This store may forget, and may fail: the message is the truth, and an aside is asked again. Two implementations, held to
 * one contract suite.
 */
export interface LiveStore {
  /** Inserts if absent under agent, `seq`, `attempt` and `batch`. */
  append(batch: LiveBatch): Promise<void>
  /** Of each agent what comes after its mark, by agent and in order; an empty mark is before everything. */
  afterEach(marks: ReadonlyMap<string, LiveMark>, limit: number): Promise<readonly LiveBatch[]>
  /** The highest attempt of the step's inference that has left anything; 0 where none has. */
  latestAttempt(agentId: string, seq: number): Promise<number>
  /** See `MemoryStore.changeMark`. */
  changeMark(): Promise<string | undefined>
  /** In place of one under the same id. @throws where nothing can be kept */
  putAside(aside: KeptAside): Promise<void>
  /** Adds the answer to an aside that waits still. One that was forgotten stays forgotten: nobody would take the answer, and it would lie here. */
  answerAside(aside: KeptAside & { readonly answered: AnsweredAside }): Promise<void>
  aside(agentId: string, id: string): Promise<KeptAside | undefined>
  forgetAside(agentId: string, id: string): Promise<void>
  /** Forgets all that there is of the agent. */
  forget(agentId: string): Promise<void>
  /** Forgets the agent's text of turns up to this one, whoever wrote it; of a later one nothing, whenever it comes. */
  forgetTurns(agentId: string, turn: number): Promise<void>
  close(): Promise<void>
}

/** An aside that waits for its answer, or for its asker to take that. */
export interface KeptAside {
  readonly agentId: string
  readonly id: string
  readonly messages: readonly AsideMessage[]
  readonly maxOutputTokens?: number
  readonly answered?: AnsweredAside
}

export interface AnsweredAside {
  readonly answer: AsideAnswer
  /** What is to be kept of it, by an attempt that comes after this one if need be. */
  readonly cost: AsideCost
}

/** What an inference wrote in some fifty milliseconds. */
export interface LiveBatch {
  readonly agentId: string
  /** Sequence number of the step's message. */
  readonly seq: number
  readonly turn: number
  readonly step: number
  /** Which attempt at the inference it is: a later one has a higher number. */
  readonly attempt: number
  /** The inference was made before: what was seen of its text is void. */
  readonly again?: true
  /** Place within the attempt; from 1. The first may be empty: it says that the model was asked. */
  readonly batch: number
  readonly texts: readonly LiveText[]
}

export interface LiveText {
  /** Place within the attempt; from 1. */
  readonly n: number
  readonly kind: 'thoughts' | 'text'
  readonly text: string
  /** Index of the call in whose arguments it stands. */
  readonly call?: number
  readonly callId?: string
}

/** A place among the batches of an agent, comparable as text. */
export type LiveMark = string

export const noLiveMark: LiveMark = ''

export const liveMarkOf = ({ seq, attempt, batch }: Pick<LiveBatch, 'seq' | 'attempt' | 'batch'>): LiveMark =>
  [seq, attempt, batch].map((number) => String(number).padStart(12, '0')).join('.')

/** Before all text of the step whose message has this number, and after that of all steps before it. */
export const beforeStep = (seq: number): LiveMark => liveMarkOf({ seq, attempt: 0, batch: 0 })

/** After so long nothing is of use, nor kept: it is longer than an inference may take, so whoever comes sees how its text begins. */
export const liveSeconds = limits.requestSeconds + 600

/** Where no live text can be kept, nobody sees any; everything else goes on. */
export const noLiveStore: LiveStore = {
  append: async () => undefined,
  afterEach: async () => [],
  latestAttempt: async () => 0,
  changeMark: async () => '',
  putAside: () => Promise.reject(new PerdureError('server-unavailable', 'the store of live text can\'t be opened, and an aside has no other place: its text is kept nowhere else')),
  answerAside: async () => undefined,
  aside: async () => undefined,
  forgetAside: async () => undefined,
  forget: async () => undefined,
  forgetTurns: async () => undefined,
  close: async () => undefined,
}
