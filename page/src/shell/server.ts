import { computed, signal } from '@preact/signals'
import { createClient } from '../../../clients/typescript/src/index.ts'
import { heardTime } from '../parts/clock.ts'
import { askedAnew } from './asked-anew.ts'
import { anotherKey, keyRefused, keyTaken, keyWanted, presentKey, timesLater } from './key.ts'

/** Whether the server has answered when it was asked last. */
export const answers = signal(true)
/** Whether what is asked for may be answered: the server is there, and wants no other key. */
export const reachable = computed(() => answers.value && keyWanted.value === undefined)

/** How long what was asked for is tried again by itself; after that a person is asked. */
const patienceMs = 20_000

/** What is only read, and does not wait for something to happen, is answered by then, or the way to the server is slow or lost. */
const quickMs = 4_000
const unanswered = signal(0)
/** The server was asked for something a while ago, and has not answered yet. */
export const slow = computed(() => unanswered.value > 0)
/** This machine knows of no network. */
export const offline = signal(!navigator.onLine)
for (const name of ['online', 'offline'] as const) addEventListener(name, () => (offline.value = name === 'offline'))

const isReading = (method: string | undefined): boolean => (method ?? 'GET') === 'GET'

async function askOnce(url: string, init: RequestInit): Promise<Response> {
  let late = 0
  const quick = isReading(init.method) && !new URL(url).searchParams.has('waitSeconds')
  const timer = quick ? setTimeout(() => (unanswered.value += late = 1), quickMs) : undefined
  try {
    const response = await (quick ? askedAnew : fetch)(url, init)
    heardTime(response.headers.get('date'))
    answers.value = true
    return response
  } catch (error) {
    if (init.signal?.aborted !== true) answers.value = false
    throw error
  } finally {
    clearTimeout(timer)
    unanswered.value -= late
  }
}

const withKey = (init: RequestInit, key: string | undefined): RequestInit => {
  if (key === undefined) return init
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${key}`)
  return { ...init, headers }
}

/**
 * Asks with the key that there is at that moment. What is refused for its key was not done, and is asked for again once there is another one: whoever
 * asked goes on as if nothing had been, and nothing of the page is built anew.
 */
async function askWithKey(url: string, init: RequestInit): Promise<Response> {
  const changing = !isReading(init.method)
  const later = timesLater()
  for (;;) {
    const used = presentKey()
    const response = await askOnce(url, withKey(init, used))
    if (response.ok) keyTaken(used)
    if (response.status !== 401) return response
    // Read now: whoever gives up waiting lets go of the connection too.
    const { status, headers } = response
    const refusal = new Response(await response.arrayBuffer(), { status, headers })
    keyRefused(used, changing && later === timesLater())
    if (!(await anotherKey(used, { changing, signal: init.signal ?? undefined }))) return refusal
  }
}

/** The only way to the server. */
export const client = createClient({ url: location.origin, patienceMs, fetch: askWithKey })

/** Whether the server takes that key, whatever it allows. @throws where nobody says */
export async function isInForce(key: string): Promise<boolean> {
  const { status, ok, body } = await askOnce(`${location.origin}/api/v1/agents?limit=1`, withKey({ signal: AbortSignal.timeout(patienceMs) }, key))
  void body?.cancel()
  if (status === 401) return false
  if (ok || status === 403) return true
  throw new Error(`The server can’t say now whether it takes that key (${status}). Try it again.`)
}
