import type { Config } from '../config/config.ts'
import { PerdureError } from '../protocol/errors.ts'
import { stackStatus } from './stack-status.ts'

/**
 * The Temporal server that runs: the one that is named, or that of a stack on this home. Starts nothing, so that no worker of this
 * version runs because of it.
 * @throws PerdureError `server-unavailable`
 */
export function runningServer(config: Config): string {
  if (config.temporal.address !== undefined) return config.temporal.address
  const status = stackStatus(config)
  const port = status.running ? status.state.ports.temporal : undefined
  if (port !== undefined) return `127.0.0.1:${port}`
  throw new PerdureError('server-unavailable', `no Temporal server is named, and no stack runs on ${config.home}; set TEMPORAL_ADDRESS, or \`perdure stack up\` first`)
}
