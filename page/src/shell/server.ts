import { batch, computed, signal } from '@preact/signals'
import { createClient } from '../../../clients/typescript/src/index.ts'
import { read, write } from './stored.ts'

const keyName = 'key'
const key = signal(read('session', keyName) ?? read('local', keyName))

/** The server has asked for a key: there is none here, or none that is in force. */
export const keyWanted = signal(false)
/** Whether the key that is here was refused. */
export const keyRefused = computed(() => keyWanted.value && key.value !== undefined)
export const hasKey = computed(() => key.value !== undefined)
/** Of the key that is used here, by which the server lists it. */
export const usedKeyId = computed(() => /^pdr_(?:[^.]+\.)?([0-9a-f]{16})_/.exec(key.value ?? '')?.[1])
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

const asking = (used: string | undefined) => async (url: string, init: RequestInit): Promise<Response> => {
  try {
    const response = await fetch(url, init)
    batch(() => {
      answers.value = true
      // A late answer to an earlier key says nothing of the present one.
      if (response.status === 401 && used === key.value) keyWanted.value = true
    })
    return response
  } catch (error) {
    if (init.signal?.aborted !== true) answers.value = false
    throw error
  }
}
