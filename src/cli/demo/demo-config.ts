import { join } from 'node:path'
import { readConfig, type Config, type Environment } from '../../config/config.ts'

/** What the demonstration leaves as the user has set it. */
const kept = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY'] as const

/**
 * The demonstration kills a worker, and its model is the simulated one whatever keys are there: so it has a stack of its own
 * beside the user's, on another task queue and with memory of its own, below the same home.
 */
export function demoConfig(env: Environment): Config {
  const { home } = readConfig(env)
  return readConfig({
    HOME: env.HOME,
    PERDURE_HOME: join(home, 'demo'),
    PERDURE_TASK_QUEUE: 'perdure-demo',
    ...Object.fromEntries(kept.map((name) => [name, env[name]])),
  })
}
