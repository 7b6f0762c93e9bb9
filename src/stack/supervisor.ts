// The supervisor's process: started by `startSupervisor`, in a session of its own, with the configuration in its environment.
import { parseArgs } from 'node:util'
import { readConfig } from '../config/config.ts'
import { tryLock } from './exclusive-lock.ts'
import { homeFiles, makeHome } from './home.ts'
import { standardEntry } from './stack-children.ts'
import { lockHeldStatus } from './start-supervisor.ts'
import { supervise } from './supervise.ts'

const { values } = parseArgs({ options: { entry: { type: 'string', multiple: true } } })
const config = readConfig(process.env)
makeHome(config.home)
const unlock = tryLock(homeFiles(config.home).lock)
if (unlock === undefined) {
  process.exitCode = lockHeldStatus
} else {
  const log = (line: string) => process.stderr.write(`${new Date().toISOString()} ${line}\n`)
  const status = await supervise({ config, entry: values.entry ?? standardEntry(), log })
  unlock()
  process.exit(status)
}
