import type { Collection } from 'mongodb'
import type { PromptFrame, PromptFrameStore } from '../prompt-frames.ts'
import { idOf, insertIfAbsent, withoutId, type Identified } from './insert-if-absent.ts'
import { findBody } from './versioned.ts'

type OfAgent = PromptFrame & { readonly agentId: string }
export type PromptFrameDocument = OfAgent & Identified

export function mongoPromptFrames(collection: Collection<PromptFrameDocument>): PromptFrameStore {
  return {
    put: async (agentId, frame) => {
      await insertIfAbsent(collection, { ...frame, agentId, _id: idOf(agentId, frame.digest) })
    },
    get: async (agentId, digest) => {
      const found = await findBody<OfAgent, PromptFrameDocument>(collection, { _id: idOf(agentId, digest) }, withoutId)
      return found === null ? undefined : { digest, body: found.body }
    },
  }
}
