import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { outsideTools } from './tools.ts'
import { wordsOf } from './texts-in.ts'

const folders = ['workflows', 'protocol']
const blockLabels = ['human', 'persona']

/** Words that a history may have whatever was said: those of the workflow's own code, and names of blocks and tools. */
export function controlWords(): ReadonlySet<string> {
  const sources = folders.flatMap((folder) => {
    const path = fileURLToPath(new URL(`../../../src/${folder}/`, import.meta.url))
    const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    return files.map((file) => readFileSync(join(path, file), 'utf8'))
  })
  return new Set([...sources, ...blockLabels, ...outsideTools.map(({ name }) => name)].flatMap(wordsOf))
}
