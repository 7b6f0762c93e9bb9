import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startChild } from './child.ts'
import { freePort } from '../../src/stack/ports.ts'

const node = process.execPath
const listening = 'require("node:net").createServer().listen(Number(process.argv[1]), "127.0.0.1")'

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function gone(pid: number): Promise<void> {
  while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('a server accepts connections when it is started, and is gone when it is stopped', async () => {
  const port = await freePort()
  const child = await startChild({ command: node, arguments: ['-e', listening, String(port)], port, timeoutMs: 10_000 })
  expect(lives(child.pid)).toBe(true)
  await child.stop()
  expect(lives(child.pid)).toBe(false)
})

test('a server that ends at once fails with what it said', async () => {
  const port = await freePort()
  const start = startChild({ command: node, arguments: ['-e', 'console.error("no disk"); process.exit(3)'], port, timeoutMs: 10_000 })
  await expect(start).rejects.toThrow('no disk')
})

test('a program that is not there fails by its name', async () => {
  const start = startChild({ command: '/nowhere/mongod', arguments: [], port: await freePort(), timeoutMs: 10_000 })
  await expect(start).rejects.toThrow('/nowhere/mongod does not start')
})

test('a server ends with the process that started it, also when that is killed', async () => {
  const port = await freePort()
  const script = `
    const { startChild } = await import(${JSON.stringify(join(import.meta.dirname, 'child.ts'))})
    const child = await startChild({ command: ${JSON.stringify(node)}, arguments: ['-e', ${JSON.stringify(listening)}, '${port}'], port: ${port}, timeoutMs: 10_000 })
    console.log(child.pid)
    setInterval(() => undefined, 1_000)`
  const parent = spawn(node, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  expect(lives(pid)).toBe(true)
  parent.kill('SIGKILL')
  await gone(pid)
})

test('a server does not keep the process that started it from ending', async () => {
  const port = await freePort()
  const script = `
    const { startChild } = await import(${JSON.stringify(join(import.meta.dirname, 'child.ts'))})
    const child = await startChild({ command: ${JSON.stringify(node)}, arguments: ['-e', ${JSON.stringify(listening)}, '${port}'], port: ${port}, timeoutMs: 10_000 })
    console.log(child.pid)`
  const { stdout } = await promisify(execFile)(node, ['--import', 'tsx', '--input-type=module', '-e', script])
  await gone(Number(stdout))
})
