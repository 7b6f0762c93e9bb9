import { afterAll, describe, expect, test, vi } from 'vitest'
import { limits } from '../../src/protocol/limits.ts'
import { audit } from './support/audit.ts'
import { breaksOff, completionBody, goesOnForEver, isSilent, redirectsInCircles, refuses, sending, sends, writes, type Behaviour } from './support/misbehaving-model.ts'
import { startModelWorlds, type ModelWorld } from './support/model-worlds.ts'

const timeoutMs = 5_000
const worlds = await startModelWorlds({ timeoutMs })
/** Where the size of an answer is to end it, and not the time that a busy machine takes for it. */
const patientWorlds = await startModelWorlds({ timeoutMs: 60_000 })
afterAll(() => Promise.all([worlds.close(), patientWorlds.close()]))

/** The turn completes by itself, after as many requests as it takes; nothing of the failures is in the conversation. */
async function goesOn(row: string, failures: readonly Behaviour[]): Promise<ModelWorld> {
  const world = await worlds.open(row, [...failures, sends('Hello.')])
  expect(await world.client.send(world.agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 1 } })
  expect(world.asked).toHaveLength(failures.length + 1)
  await audit(world, { hi: 'Hi' })
  return world
}

/** The turn is parked at the first answer, with the reason; once a person has mended it and says so, it goes on. */
async function needsPerson(row: string, refusal: Behaviour, reason: string, detail: RegExp): Promise<void> {
  const world = await worlds.open(row, [refusal, sends('Hello.')])
  const { client, agentId } = world
  const parked = await client.send(agentId, 'Hi', { eventId: 'hi' })
  expect(parked).toMatchObject({ end: 'parked', reason, detail: expect.stringMatching(detail) as string })
  expect(parked.detail).not.toContain('a-secret-key')
  expect(world.asked).toHaveLength(1)
  expect((await client.state(agentId)).parked).not.toHaveProperty('retryAt')
  world.strikes.strike()
  expect(await client.resume(agentId)).toBe(true)
  expect(await client.send(agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
  await audit(world, { hi: 'Hi' })
}

describe.concurrent('a model that fails', { timeout: 120_000 }, () => {
  test('with 429 and how long to wait is asked again after that, and not before [model:retry]', async () => {
    const { asked } = await goesOn('model-429-told', [refuses(429, { message: 'slow down' }, { 'retry-after': '4' })])
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(4_000)
  })

  test('with 429 and no word of how long is asked again a little later each time [model:retry]', () =>
    goesOn('model-429', [refuses(429), refuses(429)]))

  test('with 500, then 503, is asked again [model:retry]', () => goesOn('model-5xx', [refuses(500), refuses(503)]))

  test('longer than a step tries parks the turn by name, which goes on by itself [turn:park-resume]', async () => {
    const world = await worlds.open('model-5xx-long', [...Array<Behaviour>(5).fill(refuses(500, { message: 'our fault' })), sends('Hello.')])
    const { client, agentId } = world
    expect(await client.send(agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'parked', reason: 'model-error', detail: expect.stringContaining('our fault') as string })
    expect(world.asked).toHaveLength(5)
    await vi.waitUntil(async () => (await client.state(agentId)).counters.turns === 1, { timeout: 60_000, interval: 200 })
    expect(await client.send(agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
    await audit(world, { hi: 'Hi' })
  })

  test('with 401 parks the turn until a person has put the key right [turn:park-resume]', () =>
    needsPerson('model-401', refuses(401, { message: 'Incorrect API key provided: a-secret-key' }), 'model-refused', /check key/))

  test('with 402 parks the turn until a person has paid [turn:park-resume]', () =>
    needsPerson('model-402', refuses(402, { message: 'Insufficient credits' }), 'model-refused', /credit/))

  test('with 429 for an empty credit parks the turn, and is not asked again in vain [turn:park-resume model:retry]', () =>
    needsPerson('model-quota', refuses(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }), 'model-refused', /quota/))

  test('by a connection reset in the middle of the body is asked again [model:retry]', () => goesOn('model-reset', [breaksOff]))

  test('by saying nothing at all is given up after the time limit, and asked again [model:retry]', () => goesOn('model-silent', [isSilent]))

  test('by a body that trickles for ever is given up after the time limit, and asked again [model:retry]', () => goesOn('model-trickle', [goesOnForEver({ everyMs: 50 })]))

  test('by a body without an end is cut off, and the park names its size [model:retry turn:park-resume]', async () => {
    const world = await patientWorlds.open('model-endless', [...Array<Behaviour>(5).fill(goesOnForEver()), sends('Hello.')])
    const { client, agentId } = world
    const parked = await client.send(agentId, 'Hi', { eventId: 'hi' })
    expect(parked).toMatchObject({ end: 'parked', reason: 'model-error', detail: expect.stringContaining(`more than ${limits.modelAnswerBytes} bytes`) as string })
    await client.resume(agentId)
    expect(await client.send(agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
    await audit(world, { hi: 'Hi' })
  })

  test('by answering with a web page is asked again [model:retry]', () =>
    goesOn('model-html', [writes('<html><title>Just a moment…</title></html>', 'text/html'), writes('<html><title>502 Bad Gateway</title></html>', 'text/html', 502)]))

  test('by JSON that breaks off is asked again [model:retry]', () => goesOn('model-truncated', [writes('{"choices": [{"message": {"content": "It ends')]))

  test('by an answer without any choice is asked again [model:retry]', () => goesOn('model-no-choice', [writes('{"choices": []}'), writes('{}'), writes('null')]))

  test('by redirecting in a circle is asked again [model:retry]', () => goesOn('model-redirects', [redirectsInCircles]))

  test('by a prompt that it finds too long, in any of the usual words, gets a shorter one, and the message is handled once [pressure:transaction]', async () => {
    const overflows = [
      refuses(400, { message: "This model's maximum context length is 8192 tokens.", code: 'context_length_exceeded' }),
      refuses(400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' }),
      refuses(413, { message: 'Request too large' }),
      writes('{"error": "Context size has been exceeded."}', 'application/json', 500),
    ]
    const talk = (): readonly Behaviour[] => [sends('One.'), sends('Two.'), sends('Three.')]
    const world = await worlds.open('model-overflow', overflows.flatMap((overflow) => [...talk(), overflow, sends('Again.')]))
    const { client, agentId } = world
    const sent: Record<string, string> = {}
    for (let message = 1; message <= overflows.length * 4; message += 1) {
      sent[`m-${message}`] = `Message ${message}`
      expect(await client.send(agentId, `Message ${message}`, { eventId: `m-${message}` })).toMatchObject({ end: 'completed' })
    }
    expect((await client.state(agentId)).counters.compactions).toBe(overflows.length - 1) // The first names a window that the prompt fits: only the room for the reply was too large.
    await audit(world, sent)
  })

  test('by a prompt that it finds too long however short parks the turn, and says what a person can do [turn:park-resume pressure:transaction]', () =>
    needsPerson('model-overflow-always', refuses(400, { message: 'prompt is too long' }), 'context-overflow', /larger window/))

  test('by the wrong content type only has its answer read [model:any]', async () => {
    const world = await worlds.open('model-content-type', [writes(completionBody(sending('Hello.')), 'text/plain')])
    expect(await world.client.send(world.agentId, 'Hi', { eventId: 'hi' })).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
    expect(world.asked).toHaveLength(1)
    await audit(world, { hi: 'Hi' })
  })
})
