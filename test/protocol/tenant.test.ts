import { describe, expect, test } from 'vitest'
import { generationOf, keyOf, lineOf, nameOf } from '../../src/protocol/agent-key.ts'
import { assertTenant, idsOf, innerId, outerId, tenantOf } from '../../src/protocol/tenant.ts'

const tenants = [undefined, 'acme', 'a', 'acme-2', 'ac', '0', 'x_y']
/** What callers say: ids of their own, of others as stores have them, and nonsense. */
const said = ['ada', 'ada~2', 'ada/1/2/0', 'team', '', '.', '..', '.acme', '.acme.', '.acme.ada', '..acme.ada', '...acme.ada', '.acme/.ada', '.a.acme.ada', 'acme.ada', '.ACME.ada', '.acme.ada~2/1/2/0', '.-.x', 'ada.acme.', '~', '{', '/', '.acme/ada', '\u0000.acme.ada']

describe('ids of tenants', () => {
  test('are the tenant\'s own, whatever it says: no two that are said in one tenant, or in two, are one inner id [http:tenants]', () => {
    const inner = tenants.flatMap((tenant) => said.map((id) => innerId(tenant, id)))
    expect(new Set(inner).size).toBe(tenants.length * said.length)
    for (const tenant of tenants) for (const id of said) {
      expect([tenant, id, outerId(tenant, innerId(tenant, id))]).toEqual([tenant, id, id])
      expect([tenant, id, tenantOf(innerId(tenant, id))]).toEqual([tenant, id, tenant])
    }
  })

  test('of the default tenant are those that there were before there were tenants [http:tenants]', () => {
    for (const id of ['ada', 'ada~2', 'ada/1/2/0', 'ada/document/1f/0/a.b.c', 'team', '.team', 'a.b.c', '0f0f']) expect(innerId(undefined, id)).toBe(id)
  })

  test('lie in the tenant\'s range, and in that of no other [http:tenants]', () => {
    const isIn = (id: string, [from, to]: readonly [string, string]): boolean => id >= from && id < to
    for (const tenant of tenants) for (const other of tenants) for (const id of ['0', 'ada', 'zz', 'z~99', '-'.padStart(64, 'z'), '_'.padStart(2, '9')]) {
      expect([tenant, other, id, isIn(innerId(tenant, id), idsOf(other))]).toEqual([tenant, other, id, tenant === other])
    }
  })

  test('say the name by which the tenant calls its agent, and which agent of that name it is [http:tenants agent:generations]', () => {
    const second = keyOf(innerId('acme', 'ada'), 2)
    expect(second).toBe('.acme.ada~2')
    expect([nameOf(second), lineOf(second), generationOf(second), nameOf('.acme.ada'), nameOf('ada~3'), lineOf('ada')]).toEqual(['ada', '.acme.ada', 2, 'ada', 'ada', 'ada'])
  })

  test.each(['', 'Acme', '.acme', 'a.b', '-a', 'a/b', 'a~2', 'a b', 'x'.repeat(65)])('a tenant is not called %j [http:tenants]', (name) => {
    expect(() => assertTenant(name)).toThrow(expect.objectContaining({ code: 'invalid-argument' }) as Error)
  })
})
