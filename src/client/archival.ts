import { randomUUID } from 'node:crypto'
import { assertCommandId } from '../protocol/commands.ts'
import { invalidArgument, PerdureError } from '../protocol/errors.ts'
import { opOf } from '../protocol/ids.ts'
import { wellFormed } from '../protocol/well-formed.ts'
import { vectorOfQuestion } from '../recall/question-vector.ts'
import { passagesMeantWithinMs, searchPassages } from '../recall/search-passages.ts'
import type { EmbeddingSpace, Passage } from '../stores/archival.ts'
import type { Stores } from '../stores/stores.ts'
import type { AgentNames } from './agent-names.ts'
import type { ArchivalMethods, EditPassageOptions, PassageCommand, PassageInput } from './archival-methods.ts'
import { assertAuthor, assertPage } from './assert-input.ts'
import { assertArchivalQuery, assertSource, passageText, passageTags } from './assert-passage.ts'
import { once } from './once.ts'
import { viewOf } from './passage-view.ts'

/** What makes vectors of texts: the same model that the workers have. An `Embedder` is one. */
export interface PassageEmbedder extends EmbeddingSpace {
  embed(texts: readonly string[], signal: AbortSignal, as?: 'passage' | 'query'): Promise<readonly (readonly number[])[]>
}

/** Others that edit the same passage come in between; more often than this, something else is wrong. */
const mostTries = 20

export function archivalMethods({ memory, archival }: Pick<Stores, 'memory' | 'archival'>, embedder: PassageEmbedder | undefined, { agentOf, inner, known }: AgentNames): ArchivalMethods {
  const { claims } = memory
  const needed = (): PassageEmbedder => {
    if (embedder === undefined) throw new PerdureError('config-invalid', 'this client has no embedding model: give createClient the `embedder` that the workers have')
    return embedder
  }
  const vectorOf = async (text: string): Promise<{ readonly vector: readonly number[]; readonly space: PassageEmbedder }> => {
    const space = needed()
    const [vector = []] = await space.embed([text], new AbortController().signal, 'passage')
    return { vector, space }
  }
  const innerOp = (op: unknown): string => inner(typeof op === 'string' ? op : JSON.stringify(op ?? null))
  const found = async (agentId: string, op: string): Promise<Passage> => {
    const passage = await archival.get(agentId, op)
    if (passage !== undefined) return passage
    throw new PerdureError('passage-unknown', `the agent has no passage ${JSON.stringify(op)}; a search or the list of passages names them`)
  }
  /** One that may still be changed. */
  const present = async (agentId: string, op: string): Promise<Passage> => {
    const passage = await found(agentId, op)
    if (passage.supersededBy === undefined) return passage
    throw new PerdureError('passage-superseded', `passage ${op} has been superseded by ${passage.supersededBy}: change that one`)
  }
  const begin = async (agentId: string, { by = 'person', commandId = randomUUID() }: PassageCommand) => {
    assertAuthor(by)
    assertCommandId(commandId)
    const { key } = await agentOf(agentId)
    return { key, by: wellFormed(by), op: opOf.person(key, commandId), at: new Date().toISOString() }
  }
  const insert = async (passage: Passage): Promise<void> => {
    const { vector, space } = await vectorOf(passage.text)
    await archival.insert([{ passage, vector }], space)
  }

  const insertPassage = async (agentId: string, given: string, input: PassageInput = {}) => {
    const text = passageText(given)
    const tags = passageTags(input.tags) ?? []
    const { key, op, by, at } = await begin(agentId, input)
    const done = await once(claims, { agentId: key, op, asked: ['insert', text, tags, by] }, () => insert({ agentId: key, op, text, tags, source: 'person', at, by }))
    return { ...done, op }
  }
  const editPassage = async (agentId: string, named: string, given: string, { ifEdits, ...input }: EditPassageOptions = {}) => {
    if (ifEdits !== undefined && !(Number.isSafeInteger(ifEdits) && ifEdits >= 0)) throw invalidArgument('ifEdits is how often the passage has been edited')
    const passageOp = innerOp(named)
    const text = passageText(given)
    const tags = passageTags(input.tags)
    const { key, op, by, at } = await begin(agentId, input)
    return once(claims, { agentId: key, op, asked: ['edit', passageOp, text, tags ?? null, by] }, async () => {
      for (let left = mostTries; left > 0; left -= 1) {
        const before = await present(key, passageOp)
        const edits = before.edits ?? []
        if (edits.some((edit) => edit.op === op)) return
        if (ifEdits !== undefined && edits.length !== ifEdits) {
          const last = edits.at(-1)
          throw new PerdureError('passage-conflict', `passage ${passageOp} has been edited ${edits.length} times${last === undefined ? '' : `, last by ${last.by}`}, and not ${ifEdits} times: look at what it says now, and edit it anew`)
        }
        const passage: Passage = { ...before, text, ...(tags && { tags }), edits: [...edits, { op, by, at }] }
        const { vector, space } = await vectorOf(text)
        if (await archival.edit({ passage, vector }, space)) return
      }
      throw new PerdureError('server-unavailable', `others edit passage ${passageOp} all the time; try again`)
    })
  }
  const supersedePassage = async (agentId: string, named: string, given: string, input: PassageInput = {}) => {
    const passageOp = innerOp(named)
    const text = passageText(given)
    const tags = passageTags(input.tags)
    const { key, op, by, at } = await begin(agentId, input)
    const done = await once(claims, { agentId: key, op, asked: ['supersede', passageOp, text, tags ?? null, by] }, async () => {
      const before = await found(key, passageOp)
      if (before.supersededBy !== op) await present(key, passageOp)
      await insert({ agentId: key, op, text, tags: tags ?? before.tags, source: 'person', at, by, supersedes: passageOp })
      const marked = await archival.supersede(key, passageOp, op)
      if (marked?.supersededBy === op) return
      // Somebody else was first, or has deleted it: then nothing is to be superseded.
      await archival.remove(key, [op])
      await present(key, passageOp)
    })
    return { ...done, op }
  }
  const deletePassage = async (agentId: string, named: string, input: PassageCommand = {}) => {
    const passageOp = innerOp(named)
    const { key, op, by } = await begin(agentId, input)
    return once(claims, { agentId: key, op, asked: ['delete', passageOp, by] }, async (again) => {
      // An attempt that died may have removed it already.
      if (!again) await found(key, passageOp)
      await archival.remove(key, [passageOp])
    })
  }

  return {
    insertPassage,
    editPassage,
    supersedePassage,
    deletePassage,
    passage: async (agentId, op) => viewOf(await found((await known(agentId)).key, innerOp(op))),
    passages: async (agentId, { offset = 0, limit = 50, source, superseded } = {}) => {
      assertPage({ offset, limit })
      assertSource(source)
      return (await archival.list((await known(agentId)).key, offset, limit, { ...(source !== undefined && { source }), ...(superseded && { superseded }) })).map(viewOf)
    },
    searchArchival: async (agentId, query) => {
      assertArchivalQuery(query)
      const { text, offset = 0, limit = 20, ...filters } = query
      const { key } = await known(agentId)
      const space = needed()
      const vector = await vectorOfQuestion(space, text, { withinMs: passagesMeantWithinMs })
      const { hits, ...counted } = await searchPassages({ stores: { archival }, space, agentId: key, query: { words: text, offset, limit, ...filters }, vector })
      return { ...counted, ...(vector === undefined && { byWordsAlone: true }), passages: hits.map(({ passage, score }) => ({ ...viewOf(passage), score })) }
    },
  }
}
