import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { idsOf } from '../../../src/protocol/tenant.ts'
import type { AgentStore } from '../../../src/stores/agents.ts'
import type { MemoryStore } from '../../../src/stores/stores.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { freshAgentId, moment, sampleAgent, sampleMessage } from './samples.ts'

const keysOf = (agents: readonly { readonly key: string }[]): readonly string[] => agents.map(({ key }) => key)

const deleted = async (store: MemoryStore, key: string): Promise<void> => {
  await store.agents.markDeleting(key, moment(2))
  await store.eraseAgent(key)
}

export function generationPromises(under: () => MemoryUnderTest): void {
  describe('agents of one name, one after the other', () => {
    test('the name of an agent that is being deleted is free, and its record stays until it is erased [agent:generations]', async () => {
      const { store, another } = under()
      const { agents } = another
      const name = freshAgentId()
      const first = await store.agents.create(sampleAgent(name))
      await store.agents.markDeleting(name, moment(2), 'command')
      await store.agents.markDeleting(name, moment(3), 'another')
      expect(await agents.current(name)).toBeUndefined()
      expect(await agents.get(name)).toEqual({ ...first, deletingAt: moment(2), deletingBy: 'command' })
      expect(keysOf(await agents.list({ within: idsOf(undefined), limit: 1_000 }))).not.toContain(name)
      expect([keysOf(await agents.beingDeleted(name)), keysOf(await agents.beingDeleted()).filter((key) => key === name)]).toEqual([[name], [name]])

      const second = await agents.create(sampleAgent(name, 'Be rude.'))
      expect(second).toMatchObject({ key: `${name}~2`, definition: { id: name, instructions: 'Be rude.' } })
      expect(second.definition.blocks).toMatchObject([{ label: 'human', blockId: `${name}~2/human` }])
      expect(await store.agents.current(name)).toEqual(second)
      expect(await store.agents.create(sampleAgent(name))).toEqual(second)
      await store.eraseAgent(name)
      expect([await store.agents.get(name), await store.agents.current(name), await store.agents.beingDeleted(name)]).toEqual([undefined, second, []])
    })

    test('no key is used a second time, however often its agent was erased [agent:generations]', async () => {
      const { store } = under()
      const name = freshAgentId()
      await store.eraseAgent(name)
      await store.agents.markDeleting(name, moment(1))
      expect(await store.agents.wasDeleted(name)).toBe(false)
      const keys: string[] = []
      for (let round = 0; round < 12; round += 1) {
        const { key } = await store.agents.create(sampleAgent(name))
        keys.push(key)
        expect(await store.agents.wasDeleted(key)).toBe(false)
        // An erasure that nobody had announced, as of a worker that was told by the command line.
        if (round % 2 === 0) await store.eraseAgent(key)
        else await deleted(store, key)
        await store.eraseAgent(key)
        expect(await store.agents.wasDeleted(key)).toBe(true)
      }
      expect(keys).toEqual([name, ...Array.from({ length: 11 }, (_, index) => `${name}~${index + 2}`)])
      expect(await store.agents.current(name)).toBeUndefined()
    })

    test('a name knows by which commands its agents were deleted, beyond their erasure, and a later key by which its own was [agent:generations]', async () => {
      const { store, another } = under()
      const name = freshAgentId()
      const known = async (...commands: readonly string[]) =>
        Promise.all([name, `${name}~2`, `${name}~3`].map(async (lineOrKey) => (await Promise.all(commands.map((command) => another.agents.wasDeletedBy(lineOrKey, command)))).map(Number).join('')))
      const commands = ['first', 'cut\u0000here "1" $x', 'helper', 'late', 'never'] as const
      const [first, second, helper, late] = commands
      // Of a key that no agent has had there is nothing to be kept.
      await store.agents.markDeleting(name, moment(1), first)
      await store.agents.create(sampleAgent(name))
      expect(await known(...commands)).toEqual(['00000', '00000', '00000'])
      await store.agents.markDeleting(name, moment(2), first)
      expect(await known(...commands)).toEqual(['10000', '00000', '00000'])
      await store.eraseAgent(name)
      const { key } = await another.agents.create(sampleAgent(name))
      expect(await known(...commands)).toEqual(['10000', '00000', '00000'])
      // The first time stands, and the name knows all that wanted it.
      for (const by of [second, helper, undefined, second]) await store.agents.markDeleting(key, moment(3), by)
      expect((await another.agents.beingDeleted(name)).map(({ deletingBy }) => deletingBy)).toEqual([second])
      expect(await known(...commands)).toEqual(['11100', '01100', '00000'])
      await deleted(another, key)
      expect((await store.agents.create(sampleAgent(name))).key).toBe(`${name}~3`)
      await store.agents.markDeleting(key, moment(4), late)
      await store.agents.markDeleting(`${name}~4`, moment(4), 'never')
      expect(await known(...commands)).toEqual(['11110', '01110', '00000'])
      expect([await store.agents.wasDeletedBy(`${name}2`, first), await store.agents.wasDeletedBy(name.slice(0, -1), first), await store.agents.wasDeletedBy(`.acme.${name}`, first)]).toEqual([false, false, false])
      expect((await store.agents.current(name))?.key).toBe(`${name}~3`)
    })

    test('a name keeps the latest 50 commands, each of them once [agent:generations]', async () => {
      const { store, another } = under()
      const name = freshAgentId()
      for (let round = 0; round < 3; round += 1) {
        const { key } = await store.agents.create(sampleAgent(name))
        const ids = Array.from({ length: 20 }, (_, index) => `${round}/${index}`)
        for (const id of ids) await store.agents.markDeleting(key, moment(2), id)
        await Promise.all(ids.map((id, index) => (index % 2 === 0 ? store : another).agents.markDeleting(key, moment(2), id)))
        await store.eraseAgent(key)
      }
      const known = async (round: number) => Promise.all(Array.from({ length: 20 }, (_, index) => another.agents.wasDeletedBy(name, `${round}/${index}`)))
      expect((await Promise.all([0, 1, 2].map(known))).map((found) => found.filter(Boolean).length)).toEqual([10, 20, 20])
      expect(await known(0)).toEqual(Array.from({ length: 20 }, (_, index) => index >= 10))
    })

    test('a name is not taken for that of another agent which begins or ends like it [agent:generations]', async () => {
      const { store } = under()
      const name = freshAgentId()
      const others = [`${name}2`, `${name}-2`, `${name}_`, name.slice(0, -1)]
      await deleted(store, (await store.agents.create(sampleAgent(name))).key)
      for (const other of others) await store.agents.create(sampleAgent(other))
      const second = await store.agents.create(sampleAgent(name))
      expect(keysOf([second, ...(await Promise.all(others.map(async (other) => (await store.agents.current(other)) ?? expect.fail(other))))])).toEqual([`${name}~2`, ...others])
      await store.agents.markDeleting(second.key, moment(4))
      expect(keysOf(await store.agents.beingDeleted(name))).toEqual([second.key])
      for (const other of others) expect(await store.agents.beingDeleted(other)).toEqual([])
    })

    test('what is written late of an erased agent is not found by the next one [agent:generations]', async () => {
      const { store } = under()
      const name = freshAgentId()
      await deleted(store, (await store.agents.create(sampleAgent(name))).key)
      const { key } = await store.agents.create(sampleAgent(name))
      for (const [agentId, text] of [[name, 'penguin'], [key, 'walrus']] as const) await store.messages.insert(sampleMessage(agentId, 1, text))
      const found = async (agentId: string, text: string): Promise<number> => (await store.messages.search(agentId, { text, order: 'relevance', offset: 0, limit: 5 })).total
      expect(await Promise.all([found(key, 'walrus'), found(key, 'penguin'), found(name, 'walrus'), found(name, 'penguin')])).toEqual([1, 0, 0, 1])
    })

    test('of creations and deletions at the same time each key belongs to one creation [agent:generations]', async () => {
      const { store, another } = under()
      const name = freshAgentId()
      const creations = new Map<string, Set<string | undefined>>()
      const create = async (agents: AgentStore): Promise<string> => {
        const { key, creation } = await agents.create({ ...sampleAgent(name), creation: randomUUID() })
        creations.set(key, (creations.get(key) ?? new Set()).add(creation))
        return key
      }
      const user = async (one: MemoryStore): Promise<void> => {
        for (let round = 0; round < 6; round += 1) await deleted(one, await create(one.agents))
      }
      await Promise.all([store, another, store, another].map(user))
      expect([...creations.values()].map(({ size }) => size)).toEqual([...creations.keys()].map(() => 1))
      expect(creations.size).toBeGreaterThanOrEqual(6)
      expect([await store.agents.current(name), await store.agents.beingDeleted(name)]).toEqual([undefined, []])
    })
  })
}
