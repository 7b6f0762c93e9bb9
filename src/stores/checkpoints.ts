import type { CheckpointControl } from '../protocol/activities.ts'

export interface Checkpoint {
  readonly agentId: string
  readonly name: string
  readonly control: CheckpointControl
  /** Values of the agent's blocks by the labels that they had. */
  readonly blocks: Readonly<Record<string, string>>
  /** Which blocks these were, by the same labels. Absent where an earlier release has saved it. */
  readonly blockIds?: Readonly<Record<string, string>>
  readonly instructions: string
  readonly at: string
}

export interface CheckpointStore {
  /** Replaces one of the same name. */
  put(checkpoint: Checkpoint): Promise<void>
  get(agentId: string, name: string): Promise<Checkpoint | undefined>
  list(agentId: string): Promise<readonly { readonly name: string; readonly at: string }[]>
}
