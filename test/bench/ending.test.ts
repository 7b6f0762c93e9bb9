import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
let folder: string
let bench: ChildProcess | undefined
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'perdure-ending-'))))
afterEach(() => {
  bench?.kill('SIGKILL')
  bench = undefined
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** Done when the bench has printed that. */
async function begun(script: string, args: readonly string[], line: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, script), ...args], { cwd: root, env: { ...process.env, TMPDIR: folder, TEMPORAL_ADDRESS: undefined }, stdio: ['ignore', 'pipe', 'ignore'] })
  bench = child
  let output = ''
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
    output += text
    if (output.includes(line)) return child
  }
  throw new Error(`it ended before it had printed ${line}: ${output}`)
}

/** Files, but for what tsx keeps of sources from one run to the next; and processes that have the folder as theirs. */
function left(): { readonly files: readonly string[]; readonly processes: readonly string[] } {
  const files = readdirSync(folder).filter((name) => !name.startsWith('tsx-'))
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && read(`/proc/${name}/environ`).includes(folder))
  return { files, processes: processes.map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')) }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

// Elsewhere there is no /proc, by which processes are found.
const onLinux = test.skipIf(process.platform !== 'linux')

onLinux.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('a bench that is ended by %s ends at once, and leaves neither processes nor files', async (signal) => {
  const child = await begun('bench/history.ts', [], '| window |')
  expect(left().files).not.toEqual([])
  const ended = once(child, 'exit')
  child.kill(signal)
  expect(await ended).toEqual([null, signal])
  await expect.poll(left).toEqual({ files: [], processes: [] })
})

onLinux('a bench that computes, and heeds no signal, ends by one as well', async () => {
  const child = await begun('bench/sizes.ts', ['--messages', '1000000'], 'Node')
  await expect.poll(() => left().files.flatMap((name) => readdirSync(join(folder, name)))).not.toEqual([])
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  expect(await ended).toEqual([null, 'SIGINT'])
  await expect.poll(left).toEqual({ files: [], processes: [] })
})

onLinux('a folder that is kept has no half of a memory under the name of a whole one', async () => {
  const kept = join(folder, 'kept')
  mkdirSync(kept)
  const child = await begun('bench/sizes.ts', ['--messages', '1000000', '--folder', kept], 'Node')
  await expect.poll(() => readdirSync(kept)).toContainEqual(expect.stringMatching(/^memory-1000000-[\d-]+\.db\.draft$/))
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(readdirSync(kept).filter((name) => name.endsWith('.db'))).toEqual([])
})

onLinux('a bench that `npm run bench` has begun ends with it', async () => {
  const child = await begun('bench/main.ts', ['sizes'], 'Node v')
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
  await expect.poll(left).toEqual({ files: [], processes: [] })
})
