import { join } from 'node:path'
import { type Config, type Environment, readConfig } from '../../config/config.ts'
import type { ExitStatus } from '../output/exit-status.ts'
import { withAgents } from '../with-agents.ts'

/** Plays the demonstration on a stack of its own; fails where its account at the end does not come out. */
export function playDemo(env: Environment): Promise<ExitStatus> {
  // Loaded while the stack comes up; a failure is told where it is used.
  const loading = import('./play.ts')
  loading.catch(() => undefined)
  return withAgents(demoConfig(env), async (running) => (await loading).play(running), { use: 'stack' })
}

/**
 * The demonstration kills a worker, and its model is the simulated one whatever keys are there: so it has a stack of its own
 * beside the user's, with a Temporal server, a task queue and memory of its own, below the same home.
 */
function demoConfig(env: Environment): Config {
  const { home } = readConfig(env)
  return readConfig({
    HOME: env.HOME,
    PERDURE_HOME: join(home, 'demo'),
    PERDURE_TASK_QUEUE: 'perdure-demo',
  })
}
