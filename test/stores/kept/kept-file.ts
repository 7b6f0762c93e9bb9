import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { StoredMessage } from '../../../src/protocol/messages.ts'
import type { TurnOutcome } from '../../../src/protocol/turn.ts'
import type { Passage } from '../../../src/stores/archival.ts'
import type { StoredAgent } from '../../../src/stores/agents.ts'
import type { BlockVersion } from '../../../src/stores/blocks.ts'
import type { Checkpoint } from '../../../src/stores/checkpoints.ts'

const folder = (version: string): string => join(import.meta.dirname, version)

/** What the store's own code of that version read from its file: the agent `ada`, who talked to the simulated model. */
export interface KeptContents {
  readonly agents: readonly StoredAgent[]
  readonly messages: readonly StoredMessage[]
  readonly blocks: readonly BlockVersion[]
  readonly passages: readonly Passage[]
  readonly checkpoint: Checkpoint
  readonly turns: readonly TurnOutcome[]
  /** Operation ids of what a search for "boat" found, sorted: versions rank differently. */
  readonly boat: readonly string[]
}

/** Writes a memory file that a released version of Perdure made; never to be made anew by later code. */
export function putKeptFile(version: string, file: string): void {
  writeFileSync(file, gunzipSync(readFileSync(join(folder(version), 'memory.db.gz'))))
}

export function keptContents(version: string): KeptContents {
  const contents = JSON.parse(gunzipSync(readFileSync(join(folder(version), 'contents.json.gz'))).toString()) as KeptContents
  // What it read had no keys yet: there was one agent of a name.
  return { ...contents, boat: contents.boat.toSorted(), agents: contents.agents.map((agent) => ({ ...agent, key: agent.definition.id })) }
}
