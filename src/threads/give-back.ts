/** The SDK keeps the bundle of the workflows for ten seconds after a worker has read it; V8 gives room for young objects back only where little was made for five. */
const afterMs = 15_000

/**
 * What loading took, V8 by itself keeps until it needs room, which a process at rest never does. So garbage is collected once, a while after a process has
 * become ready: that holds it for some tens of milliseconds. Each thread has a heap of its own, and collects for itself. The stack starts its processes so
 * that they can ask for it; in others nothing happens.
 */
export function giveBackOnceAtRest(collect: (() => unknown) | undefined = globalThis.gc): void {
  if (collect !== undefined) setTimeout(() => collect(), afterMs).unref()
}
