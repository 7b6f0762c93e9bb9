/** For a server in the foreground: until SIGINT or SIGTERM. */
export function untilTerminated(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
}
