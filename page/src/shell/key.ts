import { batch, computed, effect, signal } from '@preact/signals'
import { leaveIfAllowed, lostAt } from '../parts/unsaved.ts'
import { read, write } from './stored.ts'

const keyName = 'key'
const key = signal(read('session', keyName) ?? read('local', keyName))

/**
 * The server wants a key, or another one. `to-enter`: nothing was shown so far, or the key was to be forgotten. `to-go-on`: somebody is at work,
 * and what he sees and has written stays. `later`: the same, and he does not give one now.
 */
export const keyWanted = signal<'to-enter' | 'to-go-on' | 'later' | undefined>(undefined)
export const hasKey = computed(() => key.value !== undefined)
const keyParts = (text: string | undefined) => /^pdr_([^.]+\.)?([0-9a-f]{16})_/.exec(text ?? '')
const tenantOf = (text: string | undefined): string => keyParts(text)?.[1] ?? ''
/** Whose agents the page shows: other tenants have agents of the same name. */
export const tenant = computed(() => tenantOf(key.value))
/** Of the key that is used here, by which the server lists it. */
export const usedKeyId = computed(() => keyParts(key.value)?.[2])
/** What a browser keeps of an agent is kept under this. */
export const keptAs = (agentId: string): string => tenant.value + agentId
export const presentKey = (): string | undefined => key.peek()

/** The server has answered what it was asked with the present key: there is something on the page. */
let entered = false
/** Raised whenever a key is given or forgotten. */
const changed = signal(0)
let times = 0
/** How often a person has said that he gives no key now. What he had asked for before, he is not asked about once more. */
export const timesLater = (): number => times

/** He gives none now. */
export function later(): void {
  if (keyWanted.peek() !== 'to-go-on') return
  times += 1
  keyWanted.value = 'later'
}

const set = (given: string | undefined, wanted: 'to-enter' | undefined): void => {
  if (given === undefined || tenantOf(given) !== tenant.value) entered = false
  batch(() => {
    key.value = given
    keyWanted.value = wanted
    changed.value += 1
  })
}

/**
 * @param remember beyond this tab, until it is forgotten
 * @returns whether it is used by now: another tenant's leads to other agents, and so, where that would lose something, only once the person agrees
 */
export function useKey(given: string, remember: boolean): boolean {
  return leaveIfAllowed({
    lost: tenantOf(given) === tenant.peek() ? [] : lostAt(),
    leave: () => {
      write('session', keyName, given)
      write('local', keyName, remember ? given : undefined)
      set(given, undefined)
    },
  })
}

/** Takes what it has led to off the page, unless something unsaved would be lost that the person wants to keep. */
export function forgetKey(): void {
  leaveIfAllowed({
    lost: lostAt(),
    leave: () => {
      write('session', keyName, undefined)
      write('local', keyName, undefined)
      set(undefined, 'to-enter')
    },
  })
}

/** The server takes that key, or wants none. */
export function keyTaken(used: string | undefined): void {
  if (used === key.peek()) entered = true
}

/** The server has refused that key. @param changing whether what was asked for changes something, and since he gave none: somebody waits for it */
export function keyRefused(used: string | undefined, changing: boolean): void {
  // A late answer to an earlier key says nothing of the present one.
  if (used !== key.peek() || keyWanted.peek() === 'to-enter') return
  if (!entered) keyWanted.value = 'to-enter'
  else if (changing || keyWanted.peek() === undefined) keyWanted.value = 'to-go-on'
}

const isTimeLimit = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError'

/**
 * Waits until there is another key than the refused one with which the same can be asked for. Gives whether there is: not where what stood on the
 * page is gone, or the key is another tenant's, and of a change not where the person gives none now.
 */
export function anotherKey(refused: string | undefined, { changing, signal: left }: { readonly changing: boolean; readonly signal: AbortSignal | undefined }): Promise<boolean> {
  // How long the server may take for an answer says nothing of how long a person may for a key. What only reads, and is late then, is asked for again.
  const isLeft = (): boolean => left?.aborted === true && (changing || !isTimeLimit(left.reason))
  const before = changed.peek()
  if (refused !== key.peek()) return Promise.resolve(key.peek() !== undefined && tenantOf(refused) === tenant.peek())
  return new Promise((resolve) => {
    let stop = (): void => undefined
    const end = (result: boolean): void => {
      left?.removeEventListener('abort', leave)
      resolve(result)
      queueMicrotask(() => stop())
    }
    const leave = (): void => {
      if (isLeft()) end(false)
    }
    left?.addEventListener('abort', leave)
    stop = effect(() => {
      if (isLeft()) end(false)
      else if (changed.value !== before) end(key.value !== undefined && tenantOf(refused) === tenant.value)
      else if (keyWanted.value === 'to-enter' || (changing && keyWanted.value === 'later')) end(false)
    })
  })
}
