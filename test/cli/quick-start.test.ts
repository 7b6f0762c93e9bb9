import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../support/built-command.ts'

describe('a command of the command line', () => {
  test('loads what runs agents, servers and models only where it is for that: a list is there at once [package:usable]', async () => {
    const program = pathToFileURL(join(root, 'dist', 'cli', 'program.js')).href
    const script = `import(${JSON.stringify(program)}).then(({ createProgram }) => createProgram(['agents'])).then(() => console.log(JSON.stringify(Object.keys(require('node:module')._cache))))`
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { maxBuffer: 10_000_000 })
    const packages = new Set((JSON.parse(stdout) as readonly string[]).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))
    expect(packages).toContain('@temporalio/client')
    for (const dear of ['@temporalio/worker', 'mongodb', 'undici', 'openai', '@opentelemetry/api']) expect(packages).not.toContain(dear)
  })
})
