#!/usr/bin/env node
import { CommanderError } from 'commander'
import { errorText } from './output/error-text.ts'
import { exitStatus, exitStatusOf } from './output/exit-status.ts'
import { createProgram } from './program.ts'

// Whoever reads our output may stop reading (`perdure agents | head -1`); that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitStatus.ok)
  throw error
})

try {
  await createProgram().parseAsync(process.argv)
} catch (error) {
  process.exitCode = exitStatusOf(error)
  // commander has said what was wrong; and who pressed Ctrl-C knows.
  if (!(error instanceof CommanderError) && process.exitCode !== exitStatus.interrupted) {
    process.stderr.write(`${errorText(error, process.env)}\n`)
  }
}

// What is still under way has lost its reader; its result is durable. What was printed goes out first.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))))
process.exit()
