import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** Histories are kept for good, so what is read here may be older than the code. */
const keptHistory = z.object({
  workflowId: z.string(),
  /** Everything that was said, thought, called and answered: none of it may be in the histories. */
  said: z.array(z.string()),
  /** One history for each run, oldest first, as Temporal's JSON. */
  runs: z.array(z.object({ events: z.array(z.record(z.string(), z.unknown())) })).min(1),
})

export type KeptHistory = z.infer<typeof keptHistory>

/** One folder for each version of this project whose agents may still live. */
export const historiesFolder = fileURLToPath(new URL('../histories/', import.meta.url))

const suffix = '.json.gz'

export function writeKept(file: string, history: KeptHistory): number {
  const packed = gzipSync(JSON.stringify(history), { level: 9 })
  writeFileSync(`${file}${suffix}`, packed)
  return packed.length
}

/** All kept histories of all versions, with `<version>/<name>` as their names. */
export function readKept(): readonly (KeptHistory & { readonly name: string })[] {
  const files = readdirSync(historiesFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(suffix))
  return files.sort().map((file) => {
    const history = keptHistory.parse(JSON.parse(gunzipSync(readFileSync(`${historiesFolder}${file}`)).toString('utf8')))
    return { name: file.slice(0, -suffix.length).replaceAll('\\', '/'), ...history }
  })
}
