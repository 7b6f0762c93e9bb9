/**
 * Writes docs/performance.md of what the benches have measured. A test holds that the document is not behind.
 *
 *   npx tsx scripts/performance-doc.ts
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { renderPerformance } from '../bench/report/render.ts'
import { readResults } from '../bench/report/results.ts'

export const performanceDocument = fileURLToPath(new URL('../docs/performance.md', import.meta.url))

export function writePerformance(): void {
  writeFileSync(performanceDocument, renderPerformance(readResults()))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePerformance()
