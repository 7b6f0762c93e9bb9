import { retireKey } from './agents.ts'
import type { Collections } from './collections.ts'

/**
 * Deletes an agent. Its own blocks are those named `<agent id>/…` that no other agent's definition names; all others are
 * shared, and stay. The definition goes last, so that an attempt that was broken off can be repeated.
 */
export async function eraseAgent(collections: Collections, agentId: string): Promise<void> {
  const { agents, definitions, definitionChanges, formerBlocks, events, messages, blocks, summaries, promptFrames, asideCosts, asideSums, turns, claims, checkpoints, answers, timers, documents, documentParts, documentChunks } = collections
  await retireKey(collections, agentId)
  // `0` is the character after `/`.
  const own = { $gte: `${agentId}/`, $lt: `${agentId}0` }
  const others = await agents.find({ _id: { $ne: agentId }, 'definition.blocks.blockId': own }).toArray()
  const shared = others.flatMap((agent) => agent.definition.blocks.map((block) => block.blockId))
  await blocks.deleteMany({ blockId: { ...own, $nin: shared } })
  await messages.deleteMany({ agentId })
  await events.deleteMany({ agentId })
  await definitions.deleteMany({ agentId })
  await definitionChanges.deleteMany({ agentId })
  await formerBlocks.deleteMany({ agentId })
  await summaries.deleteMany({ agentId })
  await promptFrames.deleteMany({ agentId })
  await asideCosts.deleteMany({ agentId })
  await asideSums.deleteOne({ _id: agentId })
  await turns.deleteMany({ agentId })
  await claims.deleteMany({ agentId })
  await checkpoints.deleteMany({ agentId })
  await answers.deleteMany({ agentId })
  await timers.deleteMany({ agentId })
  await documents.deleteMany({ agentId })
  await documentParts.deleteMany({ agentId })
  await documentChunks.deleteMany({ agentId })
  await agents.deleteOne({ _id: agentId })
}
