import { vi } from 'vitest'
import type { TestServer } from '../../servers/data-server.ts'

export interface KillableServer {
  /** SIGKILL; done when it has ended. It stays away. */
  kill(): Promise<void>
  /** Starts it again on the same data and port; done when it takes connections. Kills it first if it runs. */
  restart(): Promise<void>
}

/** Of a server of the test's own. */
export function killable(server: TestServer): KillableServer {
  return {
    kill: async () => {
      const { pid } = server
      if (pid === undefined) throw new Error(`${server.kind} is not ours to kill; start one with \`own: true\``)
      process.kill(pid, 'SIGKILL')
      await vi.waitUntil(() => !runs(pid), { timeout: 10_000 })
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
