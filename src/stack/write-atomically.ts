import { renameSync, writeFileSync } from 'node:fs'

/** Readers find the old content or the new, never a part. Synchronous, so that nothing happens between an event and its record. */
export function writeAtomically(file: string, content: string): void {
  const draft = `${file}.${process.pid}.new`
  writeFileSync(draft, content, { mode: 0o600 })
  renameSync(draft, file)
}
