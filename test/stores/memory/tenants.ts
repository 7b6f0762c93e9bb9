import { describe, expect, test } from 'vitest'
import { idsOf } from '../../../src/protocol/tenant.ts'
import type { MemoryUnderTest } from '../store-contract.ts'
import { freshAgentId, moment, sampleAgent, sampleMessage, sampleVersion } from './samples.ts'

export function tenantPromises(under: () => MemoryUnderTest): void {
  describe('tenants', () => {
    test('each have an agent of a name, under keys of their own, and one\'s deletion is nothing to the other [http:tenants agent:generations]', async () => {
      const { store, another } = under()
      const name = freshAgentId()
      const { key: ours } = await store.agents.create(sampleAgent(name))
      const { key: theirs, definition } = await another.agents.create({ ...sampleAgent(name), tenant: 'acme' })
      const { key: yetOthers } = await another.agents.create({ ...sampleAgent(name), tenant: 'acme-2' })
      expect([ours, theirs, yetOthers]).toEqual([name, `.acme.${name}`, `.acme-2.${name}`])
      expect([definition.id, definition.blocks[0]?.blockId]).toEqual([name, `.acme.${name}/human`])
      expect((await store.agents.create({ ...sampleAgent(name, 'Be rude.'), tenant: 'acme' })).digest).toBe('digest of Be kind.')

      for (const key of [ours, theirs]) {
        await store.messages.insert(sampleMessage(key, 1, 'of one of them'))
        await store.blocks.insert(sampleVersion(`${key}/human`, 1, 'of one of them'))
      }
      await store.agents.markDeleting(theirs, moment(2))
      expect((await another.agents.beingDeleted(theirs)).map(({ key }) => key)).toEqual([theirs])
      expect(await another.agents.beingDeleted(name)).toEqual([])
      await store.eraseAgent(theirs)
      expect([await another.agents.current(theirs), await another.agents.wasDeleted(theirs), await another.messages.count(theirs), await another.blocks.current(`${theirs}/human`)]).toEqual([undefined, true, 0, undefined])
      expect([(await another.agents.current(name))?.key, await another.agents.wasDeleted(name), await another.messages.count(ours), (await another.blocks.current(`${ours}/human`))?.value]).toEqual([ours, false, 1, 'of one of them'])
      expect((await store.agents.create({ ...sampleAgent(name), tenant: 'acme' })).key).toBe(`.acme.${name}~2`)
      expect((await store.agents.current(`.acme-2.${name}`))?.key).toBe(yetOthers)
    })

    test('have lists of agents and of access keys that end where another tenant begins [http:tenants]', async () => {
      const { store } = under()
      const names = [freshAgentId(), freshAgentId()].toSorted()
      const tenants = ['list', 'list-2', 'lis', undefined]
      for (const tenant of tenants) for (const name of names) await store.agents.create({ ...sampleAgent(name), tenant })
      for (const tenant of ['list', 'list-2', 'lis']) {
        const within = idsOf(tenant)
        const keys = names.map((name) => `.${tenant}.${name}`)
        const list = async (page: object = {}) => (await store.agents.list({ within, limit: 100, ...page })).map(({ key }) => key)
        expect(await list()).toEqual(keys)
        expect(await list({ after: keys[0] })).toEqual(keys.slice(1))
        // Whatever it is to begin after.
        expect([await list({ after: '' }), await list({ after: '.' }), await list({ after: '\uffff' })]).toEqual([keys, keys, []])
        expect(await list({ keys: [names[0] ?? '', keys[1] ?? ''] })).toEqual([keys[1]])
      }
      const ofNobody = (await store.agents.list({ within: idsOf(undefined), limit: 1_000 })).map(({ key }) => key)
      expect(ofNobody.filter((key) => names.includes(key))).toEqual(names)
      expect(ofNobody.filter((key) => key.startsWith('.'))).toEqual([])

      const digest = '0'.repeat(64)
      for (const id of ['.list.00', '.list-2.00', '00']) await store.accessKeys.put({ id, name: 'of one of them', scopes: ['admin'], digest, createdAt: moment(1) })
      expect((await store.accessKeys.list({ within: idsOf('list'), offset: 0, limit: 10 })).map(({ id }) => id)).toEqual(['.list.00'])
      expect((await store.accessKeys.list({ within: idsOf(undefined), offset: 0, limit: 1_000 })).filter(({ id }) => id.startsWith('.'))).toEqual([])
    })
  })
}
