/** By which others end a program at a terminal: `kill`, a window that is closed, a session that is over. SIGINT has an owner already. */
const endings = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Does this before the process ends: when it exits, and when a signal ends it, which then ends it as if nobody had listened, so that whoever
 * waits for it is told the signal.
 * @returns forgets it
 */
export function beforeEnd(leave: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    try {
      leave()
    } finally {
      // The terminal may be gone, and then what puts it right fails.
      forget()
      process.kill(process.pid, signal)
    }
  }
  const forget = (): void => {
    process.off('exit', leave)
    for (const signal of endings) process.off(signal, onSignal)
  }
  process.once('exit', leave)
  for (const signal of endings) process.once(signal, onSignal)
  return forget
}
