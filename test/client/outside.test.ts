import { expect, test } from 'vitest'
import { outsideOf } from '../../src/client/outside.ts'

test('a tenant\'s words have its ids as it has given them, and hosts that are called as it is stay whole [http:tenants]', () => {
  const { words } = outsideOf('acme')
  expect(words('there is no agent ".acme.ada"; agent:.acme.ada~2 has .acme.ada/1/2/0 and .acme.team')).toBe('there is no agent "ada"; agent:ada~2 has ada/1/2/0 and team')
  expect(words('https://api.acme.example/v1 answers 502: see docs.acme.com')).toBe('https://api.acme.example/v1 answers 502: see docs.acme.com')
})
