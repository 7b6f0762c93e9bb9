import type { Passage } from '../stores/archival.ts'

/** Who has put a passage into archival memory, and when in the agent's life. */
export type PassageOrigin =
  | { readonly by: 'agent'; readonly turn?: number }
  /** `name`: as whoever inserted it gave it. */
  | { readonly by: 'person'; readonly name: string }
  | { readonly by: 'document'; readonly document: string }

/** A passage, with where it comes from. Its `op` names it: in commands, and in `supersedes` and `supersededBy`. */
export interface PassageView extends Passage {
  readonly origin: PassageOrigin
}

/** An agent's own are named `<key>/<turn>/<step>/<call>/<part>`, those of documents `<key>/document/<hash>/<place>`. */
const agentsOwn = /^[^/]+\/(\d+)\/\d+\/\d+\/\d+$/
const ofDocument = /^[^/]+\/document\//

export function viewOf(passage: Passage): PassageView {
  return { ...passage, origin: originOf(passage) }
}

function originOf({ op, source, by }: Passage): PassageOrigin {
  if (by !== undefined) return { by: 'person', name: by }
  if (ofDocument.test(op)) return { by: 'document', document: source }
  const [, turn] = agentsOwn.exec(op) ?? []
  return { by: 'agent', ...(turn !== undefined && { turn: Number(turn) }) }
}
