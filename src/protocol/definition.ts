import type { AgentId } from './ids.ts'
import type { Sampling } from './sampling.ts'

/** The definition of an agent. The digest of the first one tells whether a second `create` asks for the same agent. */
export interface AgentDefinition {
  readonly id: AgentId
  /** What people are shown; the agent is called by its id. */
  readonly name?: string
  /** What the agent is for, for people; its model does not see it. */
  readonly description?: string
  /** By which agents are found. */
  readonly tags?: readonly string[]
  /** JSON of the caller's own; nothing reads it. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Name of the model, as its endpoint knows it. */
  readonly model: string
  /** Tokens of main context and reply together. */
  readonly contextWindow: number
  /** Instructions of this agent's own, after those that explain its memory. May be empty. */
  readonly instructions: string
  /** Whether the agent may rewrite those instructions with `instructions_replace`. */
  readonly instructionsEditable: boolean
  readonly blocks: readonly BlockDefinition[]
  /** Names of tools; each must be known to the worker. */
  readonly tools: readonly string[]
  readonly pressure: PressureSettings
  readonly budget: TurnBudget
  /** For the whole life of the agent; absent: without bound. */
  readonly agentBudget?: AgentBudget
  /** Names of tools, built-in ones too, whose calls a person has to approve. */
  readonly approval?: readonly string[]
  /** Tools that run at the caller. */
  readonly clientTools?: readonly ClientToolDefinition[]
  /** Milliseconds that an approval, or a caller's result, may take, where the tool says nothing. Default: a week. */
  readonly answerWithinMs?: number
  /** How the model is to write; absent: as the worker's configuration, or the endpoint, has it. */
  readonly sampling?: Sampling
}

/** Arguments that every tool gets from the runtime; no tool declares them. */
export const runtimeArgumentNames = ['inner_thoughts', 'request_heartbeat'] as const

/** A tool that runs at the caller: the turn waits for its result. The worker needs this description only, no code. */
export interface ClientToolDefinition {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments: an object. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly answerWithinMs?: number
}

/** A block of core memory (paper section 2.1, "working context"; Letta: memory block). */
export interface BlockDefinition {
  readonly label: string
  /**
   * The block's own id; agents that have the same one share the block. Default: a block of the agent's own, `<agent key>/<label>`. An id
   * without `/` is nobody's: whoever names it shares it. Another agent's block can be named where that agent has it `shared`.
   */
  readonly blockId: string
  readonly description: string
  /** Characters. */
  readonly limit: number
  /** Initial value; an existing shared block keeps the value that it has. */
  readonly value: string
  readonly readOnly: boolean
  /** Of a block of the agent's own: other agents may name it, and then read and write it. Absent: it is the agent's alone. */
  readonly shared?: true
}

/** Shares of the context window, between 0 and 1 (paper section 2.2: warning 70 %, flush 100 %, evict 50 %). */
export interface PressureSettings {
  /** Above this share the agent is warned once and gets a step to save what matters. */
  readonly warning: number
  /** Above this share a chunk of the queue is evicted. What lies above is room for the reply. */
  readonly flush: number
  /** Share of the queue's tokens that is evicted. */
  readonly evict: number
}

/** A turn that reaches one of these ends as `stopped` and says which. */
export interface TurnBudget {
  readonly steps: number
  /** Prompt and completion tokens of all the turn's steps together, and of summaries made between them. */
  readonly tokens: number
  /** Micro-dollars. Needs a model whose price is known. */
  readonly costMicros?: number
  /** Steps in a row whose calls are all malformed, or that have no call. */
  readonly malformedSteps: number
  /** Times in a row that the same calls with the same results may come. */
  readonly identicalSteps: number
}

/** An agent that reaches one of these parks, until it is raised. */
export interface AgentBudget {
  /** Prompt and completion tokens of all steps and summaries. */
  readonly tokens?: number
  /** Micro-dollars. Needs a model whose price is known. */
  readonly costMicros?: number
}

export const defaults = {
  model: 'perdure-simulated',
  contextWindow: 32_000,
  blockLimit: 2_000,
  pressure: { warning: 0.7, flush: 0.9, evict: 0.5 } satisfies PressureSettings,
  budget: { steps: 24, tokens: 1_000_000, malformedSteps: 3, identicalSteps: 3 } satisfies TurnBudget,
  tools: [
    'send_message',
    'core_memory_append',
    'core_memory_replace',
    'conversation_search',
    'conversation_search_date',
    'archival_memory_insert',
    'archival_memory_search',
    'page_out',
    'search',
  ],
} as const

/** The part of a definition that the workflow decides by; it is carried through continue-as-new. */
export interface ControlSettings {
  readonly model: string
  readonly contextWindow: number
  readonly pressure: PressureSettings
  readonly budget: TurnBudget
  readonly agentBudget?: AgentBudget
}

/** A version of a definition as the workflow knows it. */
export interface DefinitionInForce {
  readonly version: number
  readonly settings: ControlSettings
  /** The model is asked otherwise by it than by the version that the workflow has named (`inForce`): what was refused may not be refused any more. */
  readonly asksOtherwise?: true
}

export function controlSettingsOf(definition: AgentDefinition): ControlSettings {
  const { model, contextWindow, pressure, budget, agentBudget } = definition
  return { model, contextWindow, pressure, budget, ...(agentBudget && { agentBudget }) }
}
