/**
 * At most so many worlds at once: each has a worker process, which takes a quarter of a gigabyte and a while to start. Where times to recover
 * are measured it is one, as the start of another world's worker would count.
 */
const most = process.env['RECORD_RECOVERY'] === undefined ? 3 : 1

let free = most
const waiting: (() => void)[] = []

/** Waits for a slot; the function returned gives it back. */
export async function takeSlot(): Promise<() => void> {
  if (free > 0) free -= 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
  return () => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
}
