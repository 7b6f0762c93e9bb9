// Stands in for the program's own entry: the children of a stack, as far as its supervisor sees them.
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const [command, , port] = process.argv.slice(2)
const home = process.env.PERDURE_HOME ?? '.'

const stayUntilAsked = (): void => {
  const timer = setInterval(() => undefined, 1_000)
  process.once('SIGTERM', () => {
    clearInterval(timer)
    process.exit(0)
  })
}

if (command === 'simulated-model') {
  createServer((_request, response) => response.end('simulated')).listen(Number(port), '127.0.0.1', () => console.log('perdure simulated model ready'))
  stayUntilAsked()
} else if (command === 'serve') {
  const [, host, httpPort] = /^(.*):(\d+)$/.exec(process.env.PERDURE_HTTP_ADDRESS ?? '') ?? []
  // It can't listen everywhere either: the real one asks for a key there.
  if (host === '0.0.0.0') throw new Error('there is no key')
  createServer((_request, response) => response.end(`agents at ${process.env.TEMPORAL_ADDRESS ?? ''}`)).listen(Number(httpPort), host, () => console.log('perdure server ready'))
  stayUntilAsked()
} else if (command === 'broken-worker' || process.env.PERDURE_FAULT_POINT === 'worker-start') {
  console.error('the worker can not work')
  process.exitCode = 1
} else {
  const { TEMPORAL_ADDRESS, OPENAI_BASE_URL, OPENAI_API_KEY } = process.env
  appendFileSync(join(home, 'worker-runs.txt'), `${JSON.stringify({ pid: process.pid, TEMPORAL_ADDRESS, OPENAI_BASE_URL, OPENAI_API_KEY })}\n`)
  console.log('perdure worker ready')
  stayUntilAsked()
}
