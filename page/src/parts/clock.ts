import { signal } from '@preact/signals'

/** What is less comes of the way and of whole seconds. */
const leastMs = 5_000
/** By so much the server's clock is ahead of this machine's: whatever has a time has it from there. */
const aheadMs = signal(0)

/** @param date as an answer says it, when it was given */
export function heardTime(date: string | null): void {
  const ahead = Date.parse(date ?? '') - Date.now()
  if (Number.isNaN(ahead) || Math.abs(ahead - aheadMs.peek()) < leastMs) return
  aheadMs.value = Math.abs(ahead) < leastMs ? 0 : ahead
}

/** Now, by the server's clock. */
export const presentMs = (): number => Date.now() + aheadMs.value
