import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { presentLoad, thisMachine } from './machine.ts'
import type { Result } from './results.ts'
import { figuresFile, readTold } from './told.ts'

/** Runs one bench in a process of its own, shows what it prints, and answers what it told, also where it failed in the middle. */
export async function runBench(command: readonly [string, ...string[]]): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-bench-figures-'))
  const file = join(folder, 'figures')
  try {
    const at = new Date().toISOString()
    const load = presentLoad()
    const begin = performance.now()
    const { output, failed } = await outcomeOf(command, { ...process.env, [figuresFile]: file })
    const seconds = Math.round((performance.now() - begin) / 1_000)
    const told = readTold(file)
    return {
      at,
      machine: thisMachine(),
      servers: [...new Set(told.flatMap((line) => ('server' in line ? [line.server] : [])))],
      load,
      seconds,
      ...(failed !== undefined && { failed }),
      figures: Object.fromEntries(told.flatMap((line) => ('aim' in line ? [[line.aim, line.value]] : []))),
      output: publishable(output),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What is kept is published: it says nothing of the folders of whoever measured, and what a library logs between the tables is none of it. */
export function publishable(output: string): string {
  const lines = stripVTControlCharacters(output).split('\n').filter((line) => !logged.test(line))
  return lines.join('\n').replaceAll(`${process.cwd()}/`, '').replaceAll(`${tmpdir()}/`, '').replaceAll(`${homedir()}/`, '~/')
}

/** A time and a level, as Temporal's SDK writes its lines, in this process and in its native part. */
const logged = /^\d{4}-\d\d-\d\dT[\d:.]+Z? +\[?(TRACE|DEBUG|INFO|WARN|ERROR)\b/

async function outcomeOf([program, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Promise<{ readonly output: string; readonly failed: string | undefined }> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    process.stdout.write(text)
  })
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ output, failed: message }))
    child.once('close', (code, signal) => resolve({ output, failed: code === 0 ? undefined : `it ended with ${code ?? signal ?? 'nothing'}` }))
  })
}
