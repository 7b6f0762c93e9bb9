/** Bytes of sketches that are held for the next search, of each kind: those of some million vectors of 384 numbers. */
const heldBytes = 64 * 1024 * 1024

/** Holds the sketches that were searched last: the oldest are let go where all together have too many bytes. */
export function holdLatest<Held>(held: Map<string, Held>, key: string, latest: Held, bytesOf: (one: Held) => number): void {
  held.delete(key)
  held.set(key, latest)
  let bytes = 0
  for (const [other, one] of [...held].toReversed()) {
    bytes += bytesOf(one)
    if (bytes > heldBytes && other !== key) held.delete(other)
  }
}
