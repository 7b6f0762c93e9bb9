import type { AgentView } from '../../../clients/typescript/src/index.ts'
import { cut } from '../parts/shown.ts'

const lookMs = 500
const firstMs = 2_000
/** More than this is not let pass between two questions, each of which costs a worker a workflow task. */
const mostMs = 15_000

/** What fails, by the activity that does it. */
const parts: Readonly<Record<string, string>> = { infer: 'The model', compact: 'The model', callTool: 'A tool' }

/** What holds up an agent that is at work, in a sentence: an operator has paused it, or it fails and is tried again. Undefined where nothing does. */
export function heldUpBy({ status, running, paused }: Pick<AgentView, 'status' | 'running' | 'paused'>): string | undefined {
  const [first] = paused ?? []
  if (first !== undefined) return `An operator has paused this in Temporal${first.reason === undefined ? '' : `, saying “${cut(first.reason, 300)}”`}. It goes on once it is unpaused there.`
  if (status !== 'running' || running?.retrying === undefined) return undefined
  const { activity, detail } = running.retrying
  return `${parts[activity] ?? 'A step'} fails, and is tried again by itself: ${cut(detail, 300)}`
}

/**
 * Asks how an agent stands that is at work and of which nothing is told, less and less often: neither an attempt that fails nor a pause is an
 * event. Nobody asks in a tab that is not looked at.
 */
export function askWhileQuiet({ atWork, ask, signal }: { readonly atWork: () => boolean; readonly ask: () => Promise<unknown>; readonly signal: AbortSignal }): { readonly told: () => void } {
  let toldAt = performance.now()
  let quietMs = firstMs
  let was = false
  const told = (): void => {
    toldAt = performance.now()
    quietMs = firstMs
  }
  const look = async (): Promise<void> => {
    const is = atWork()
    if (is && !was) told()
    was = is
    const passed = performance.now() - toldAt
    if (!is || document.hidden || passed < quietMs) return
    quietMs = passed + Math.min(passed, mostMs)
    await ask()
  }
  const follow = (): void => {
    setTimeout(() => void look().finally(() => signal.aborted || follow()), lookMs)
  }
  follow()
  return { told }
}
