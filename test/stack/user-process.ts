// A process that uses the stack until it is killed.
import { readConfig } from '../../src/config/config.ts'
import { ensureStack } from '../../src/stack/stack.ts'

const stack = await ensureStack({ config: readConfig(process.env), mode: 'attached', onProgress: () => undefined, entry: process.argv.slice(2) })
console.log(stack.joined ? 'joined' : 'started')
setInterval(() => undefined, 1_000)
