import { batch, computed, signal } from '@preact/signals'
import { createClient } from '../../../clients/typescript/src/index.ts'
import { heardTime } from '../parts/clock.ts'
import { askedAnew } from './asked-anew.ts'
import { read, write } from './stored.ts'

const keyName = 'key'
const key = signal(read('session', keyName) ?? read('local', keyName))

/** The server has asked for a key: there is none here, or none that is in force. */
export const keyWanted = signal(false)
/** Whether the key that is here was refused. */
export const keyRefused = computed(() => keyWanted.value && key.value !== undefined)
export const hasKey = computed(() => key.value !== undefined)
const keyParts = computed(() => /^pdr_([^.]+\.)?([0-9a-f]{16})_/.exec(key.value ?? ''))
/** Of the key that is used here, by which the server lists it. */
export const usedKeyId = computed(() => keyParts.value?.[2])
/** What a browser keeps of an agent is kept under this: other tenants have agents of the same name. */
export const keptAs = (agentId: string): string => (keyParts.value?.[1] ?? '') + agentId
/** Whether the server has answered when it was asked last. */
export const answers = signal(true)

/** @param remember beyond this tab, until it is forgotten */
export function useKey(given: string, remember: boolean): void {
  write('session', keyName, given)
  write('local', keyName, remember ? given : undefined)
  batch(() => {
    key.value = given
    keyWanted.value = false
  })
}

export function forgetKey(): void {
  write('session', keyName, undefined)
  write('local', keyName, undefined)
  batch(() => {
    key.value = undefined
    keyWanted.value = true
  })
}

/** How long what was asked for is tried again by itself; after that a person is asked. */
const patienceMs = 20_000

/** The only way to the server. Another key makes another client. */
export const client = computed(() => {
  const used = key.value
  return createClient({ url: location.origin, patienceMs, fetch: asking(used), ...(used !== undefined && { key: used }) })
})

/** What is only read, and does not wait for something to happen, is answered by then, or the way to the server is slow or lost. */
const quickMs = 4_000
const unanswered = signal(0)
/** The server was asked for something a while ago, and has not answered yet. */
export const slow = computed(() => unanswered.value > 0)
/** This machine knows of no network. */
export const offline = signal(!navigator.onLine)
for (const name of ['online', 'offline'] as const) addEventListener(name, () => (offline.value = name === 'offline'))

const isQuick = (url: string, method: string | undefined): boolean => (method ?? 'GET') === 'GET' && !new URL(url).searchParams.has('waitSeconds')

const asking = (used: string | undefined) => async (url: string, init: RequestInit): Promise<Response> => {
  let late = 0
  const quick = isQuick(url, init.method)
  const timer = quick ? setTimeout(() => (unanswered.value += late = 1), quickMs) : undefined
  try {
    const response = await (quick ? askedAnew : fetch)(url, init)
    heardTime(response.headers.get('date'))
    batch(() => {
      answers.value = true
      // A late answer to an earlier key says nothing of the present one.
      if (response.status === 401 && used === key.value) keyWanted.value = true
    })
    return response
  } catch (error) {
    if (init.signal?.aborted !== true) answers.value = false
    throw error
  } finally {
    clearTimeout(timer)
    unanswered.value -= late
  }
}
