import { describe, expect, test } from 'vitest'
import type { MemoryUnderTest } from '../store-contract.ts'
import { awkwardTexts, freshAgentId } from './samples.ts'

export function claimPromises(under: () => MemoryUnderTest): void {
  describe('claims', () => {
    test('whoever claims first has it, and the second learns who that is [step:at-most-once]', async () => {
      const { claims } = under().store
      const first = { agentId: freshAgentId(), op: '1/1/0', owner: 'attempt 1' }
      expect(await claims.get(first.agentId, first.op)).toBeUndefined()
      expect(await claims.claim(first)).toEqual(first)
      expect(await claims.claim({ ...first, owner: 'attempt 2' })).toEqual(first)
      expect(await claims.get(first.agentId, first.op)).toEqual(first)
    })

    test('of claims at the same time exactly one has it [step:at-most-once]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const owners = Array.from({ length: 10 }, (_, index) => `attempt ${index}`)
      const claimed = await Promise.all(
        owners.map((owner, index) => (index % 2 ? store : another).claims.claim({ agentId, op: '1/1/0', owner })),
      )
      expect(claimed.filter((claim, index) => claim.owner === owners[index])).toHaveLength(1)
    })

    test('the first outcome stands [step:at-most-once]', async () => {
      const { claims } = under().store
      const claim = { agentId: freshAgentId(), op: '1/1/0', owner: 'attempt 1' }
      const settled = { ...claim, outcome: { ok: true, text: 'sent', reply: 'Hi "you" 🎉' } }
      await claims.claim(claim)
      expect(await claims.setOutcome(settled)).toEqual(settled)
      expect(await claims.setOutcome({ ...settled, outcome: { ok: false, text: 'late' } })).toEqual(settled)
      expect(await claims.claim({ ...claim, owner: 'attempt 2' })).toEqual(settled)
      expect(await claims.get(claim.agentId, claim.op)).toEqual(settled)
    })

    test('of outcomes at the same time one stands, and all get it [step:at-most-once]', async () => {
      const { store, another } = under()
      const agentId = freshAgentId()
      const settled = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? store : another).claims.setOutcome({ agentId, op: '1/1/0', owner: 'one', outcome: { ok: true, text: `outcome ${index}` } }),
        ),
      )
      expect(new Set(settled.map((claim) => claim.outcome?.text)).size).toBe(1)
    })

    test('settling what nobody claimed claims it [step:at-most-once]', async () => {
      const { claims } = under().store
      const settled = { agentId: freshAgentId(), op: '1/1/0', owner: 'attempt 1', outcome: { ok: false, text: 'no such tool' } }
      expect(await claims.setOutcome(settled)).toEqual(settled)
      expect(await claims.get(settled.agentId, settled.op)).toEqual(settled)
    })

    test('settling keeps the owner that claimed, and any text [step:at-most-once]', async () => {
      const { claims } = under().store
      const agentId = freshAgentId()
      for (const [index, text] of awkwardTexts.entries()) {
        const claim = { agentId, op: `1/1/${index}`, owner: 'attempt 1' }
        await claims.claim(claim)
        const outcome = { ok: true, text }
        expect(await claims.setOutcome({ ...claim, owner: 'somebody else', outcome })).toEqual({ ...claim, outcome })
      }
    })

    test('agents do not see the claims of each other [step:at-most-once]', async () => {
      const { claims } = under().store
      const agentId = freshAgentId()
      await claims.claim({ agentId, op: 'same', owner: 'one' })
      expect((await claims.claim({ agentId: `${agentId}b`, op: 'same', owner: 'two' })).owner).toBe('two')
      expect((await claims.get(agentId, 'same'))?.owner).toBe('one')
    })
  })
}
