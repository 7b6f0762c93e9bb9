/** Smaller buffers are not looked at: to ask how much memory there is takes longer than to make them. */
const looked = 1024 * 1024
const everyMs = 50

/**
 * Bounds the buffers of this thread. Node bounds its heap alone, and buffers are not in it: a PDF of six kilobytes has unpacked to as many gigabytes.
 * What unpacks step by step is looked at between its steps. What does so at once is looked at where it makes its buffers, if it names the class
 * `Uint8Array`, as the reader of PDF does.
 * @param onOver comes before the buffer is made with which there would be more, or soon after
 */
export function boundBuffers(megabytes: number, onOver: () => void): void {
  const most = megabytes * 1024 * 1024
  const check = (more: number): void => {
    if (process.memoryUsage().arrayBuffers + more > most) onOver()
  }
  setInterval(check, everyMs, 0).unref()
  globalThis.Uint8Array = new Proxy(Uint8Array, {
    construct: (target, given: unknown[], asked) => {
      const [length] = given
      if (typeof length === 'number' && length >= looked) check(length)
      return Reflect.construct(target, given, asked) as object
    },
  })
}
