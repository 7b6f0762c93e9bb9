import { LRUCache } from 'lru-cache'
import type { PromptFrame } from '../stores/prompt-frames.ts'
import type { MemoryStore } from '../stores/stores.ts'

/** Frames of agents that are known to be stored; one more is stored again, which does nothing. */
const most = 20_000

/** Sees to it that the frame of an agent's prompts is stored, which is one write for each that it comes to have, in each worker. */
export type KeepFrame = (agentId: string, frame: PromptFrame) => Promise<void>

export function frameKeeper({ promptFrames }: Pick<MemoryStore, 'promptFrames'>): KeepFrame {
  const kept = new LRUCache<string, true>({ max: most })
  return async (agentId, frame) => {
    const name = `${agentId} ${frame.digest}`
    if (kept.has(name)) return
    await promptFrames.put(agentId, frame)
    kept.set(name, true)
  }
}
