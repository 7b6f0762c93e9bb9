/** Runs in a worker thread: has one memory file open. */
import { answerCalls, type Functions } from '../../../threads/answer-calls.ts'
import { giveBackOnceAtRest } from '../../../threads/give-back.ts'
import { openMemoryFile } from '../open.ts'
import { memoryFileFunctions } from './across.ts'

/** Opens the file; says by which names all else is called from then on. */
async function open(file: string): Promise<readonly string[]> {
  functions = memoryFileFunctions(await openMemoryFile(file))
  giveBackOnceAtRest()
  return Object.keys(functions)
}

let functions: Functions = { open }
answerCalls(() => functions)
