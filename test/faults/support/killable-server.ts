import { setTimeout as sleep } from 'node:timers/promises'
import type { TestServer } from '../../servers/data-server.ts'

export interface KillableServer {
  /** SIGKILL; done when it has ended. It stays away. */
  kill(): Promise<void>
  /** Starts it again on the same data and port; done when it takes connections. Kills it first if it runs. */
  restart(): Promise<void>
  /** Stops it where it is, as a server that hangs; `resume` lets it go on. */
  pause(): void
  resume(): void
}

/** Of a server of the test's own. */
export function killable(server: TestServer): KillableServer {
  const send = (signal: NodeJS.Signals): void => {
    if (server.pid !== undefined && runs(server.pid)) process.kill(server.pid, signal)
  }
  return {
    pause: () => send('SIGSTOP'),
    resume: () => send('SIGCONT'),
    kill: async () => {
      const { pid } = server
      if (pid === undefined) throw new Error(`${server.kind} is not ours to kill; start one with \`own: true\``)
      process.kill(pid, 'SIGKILL')
      for (let waited = 0; runs(pid); waited += 50) {
        if (waited > 10_000) throw new Error(`${server.kind} does not end`)
        await sleep(50)
      }
    },
    restart: async () => {
      await server.crash?.()
    },
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
