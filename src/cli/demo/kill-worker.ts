import type { Config } from '../../config/config.ts'
import { signalProcess } from '../../stack/process-identity.ts'
import { stackStatus } from '../../stack/stack-status.ts'
import { PerdureError } from '../../protocol/errors.ts'

/**
 * `kill -9` of the stack's worker; its number. The stack starts another one.
 * @throws PerdureError `server-unavailable` where none runs
 */
export function killWorker(config: Config): number {
  const status = stackStatus(config)
  const worker = status.running ? status.state.children.find(({ name }) => name === 'worker')?.process : undefined
  if (worker === undefined || !signalProcess(worker, 'SIGKILL')) throw new PerdureError('server-unavailable', 'the stack has no worker at this moment')
  return worker.pid
}
