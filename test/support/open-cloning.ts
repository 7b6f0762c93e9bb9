import { openMemoryFile, type MemoryFile } from '../../src/stores/embedded/open.ts'
import { memoryFileBy, memoryFileFunctions } from '../../src/stores/embedded/thread/across.ts'

/**
 * A memory file that takes and gives clones alone, as one does that is open in another thread. To start a thread for each test would cost more
 * than most of them.
 */
export async function openCloning(file: string): Promise<MemoryFile> {
  const functions = memoryFileFunctions(await openMemoryFile(file))
  return memoryFileBy(Object.keys(functions), async (name, args) => structuredClone(await functions[name]?.(...(structuredClone(args) as readonly never[]))))
}
