/** A timer takes no more than twice as much. */
const seldomMs = 2 ** 30

/** For a process that stays in the foreground: until SIGINT or SIGTERM. It goes on also where it has nothing open by itself. */
export async function untilTerminated(): Promise<void> {
  const staying = setInterval(() => undefined, seldomMs)
  await new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  clearInterval(staying)
}
