import { expect, test } from 'vitest'
import { httpOf } from '../support/http.ts'
import type { PerdureClient } from '../../src/client/client.ts'
import { sharedAnswer } from '../../src/server/shared-answer.ts'

test('many who ask at once, or soon after, have one answer, be it an error; later it is asked for again [http:api]', async () => {
  let [asked, now] = [0, 0]
  const ask = sharedAnswer(() => ((asked += 1) === 2 ? Promise.reject(new Error('away')) : Promise.resolve(asked)), 1_000, () => now)
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1])
  now = 999
  expect(await ask()).toBe(1)
  now = 1_000
  const later = [ask(), ask()]
  for (const answer of later) await expect(answer).rejects.toThrow('away')
  now = 2_000
  expect(await ask()).toBe(3)
})

test('whether a server is ready is asked of those behind it once a second, whoever knocks and how often [http:api]', async () => {
  let asked = 0
  const http = httpOf({} as PerdureClient, { ready: () => Promise.resolve(void (asked += 1)) })
  for (const answer of await Promise.all(Array.from({ length: 100 }, () => http.fetch('/ready')))) expect(answer.status).toBe(200)
  expect(asked).toBe(1)
})
