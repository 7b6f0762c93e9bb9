#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { CommanderError } from 'commander'
import { foundSettingsFile, usualSettingsFile } from '../config/settings-file.ts'
import { errorText } from './output/error-text.ts'
import { exitStatus, exitStatusOf } from './output/exit-status.ts'
import { createProgram } from './program.ts'

// The reader of our output may stop reading (`perdure agents | head -1`), and a terminal may be closed, which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY)) process.exit(exitStatus.ok)
  throw error
})

// A settings file in this folder counts, unless the environment names another one, or none.
if ((process.env['PERDURE_CONFIG'] ?? '') === '' && existsSync(usualSettingsFile)) process.env['PERDURE_CONFIG'] = foundSettingsFile

try {
  await (await createProgram(process.argv.slice(2))).parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitStatusOf(error)
  // For wrong usage commander has printed the error. Somebody who pressed Ctrl-C needs none.
  if (!(error instanceof CommanderError) && process.exitCode !== exitStatus.interrupted) {
    process.stderr.write(`${errorText(error, process.env)}\n`)
  }
}

// Print all that is left, then exit. Nobody waits for work that is still under way; its result is durable.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))))
process.exit()
