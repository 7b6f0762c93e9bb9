import type { AgentDefinition } from '../protocol/definition.ts'
import type { IdRange, Tenant } from '../protocol/tenant.ts'

export interface StoredAgent {
  /** Names the agent in every id of it, in stores and in Temporal: see `protocol/agent-key.ts`. Its name is `definition.id`. */
  readonly key: string
  /** The one in force. The version that a step saw may be an earlier one: see `DefinitionStore`. */
  readonly definition: AgentDefinition
  /** Its number. Absent: 1. */
  readonly version?: number
  /** How many documents are loaded. Absent: none ever was. */
  readonly documents?: number
  /** Digest of the definition at creation. */
  readonly digest: string
  /** ISO 8601. */
  readonly createdAt: string
  /** Names the call that created it, to tell that one from others which found it there. */
  readonly creation?: string
  readonly archivedAt?: string
  /** ISO 8601: since when it is being deleted. Its name is free, and names it no more. */
  readonly deletingAt?: string
}

/** One whose deletion is not finished. */
export interface LeavingAgent extends StoredAgent {
  /** The id of the command by which its deletion began, where that was given one. */
  readonly deletingBy?: string
}

/** What agents are looked for by: all that is given holds for each that is found. */
export interface AgentFilter {
  /** One of the agent's tags, exactly. */
  readonly tag?: string
  /** The name of its model, exactly. */
  readonly model?: string
  readonly archived?: boolean
  /** It has one of these. */
  readonly keys?: readonly string[]
}

export interface AgentsPage extends AgentFilter {
  /** The keys among which agents are looked for: those of a tenant (`idsOf`). */
  readonly within: IdRange
  readonly after?: string
  readonly limit: number
}

/** An agent as its creator knows it. Blocks of its own are named `<name>/<label>`; the store names them after the key. */
export interface NewAgent extends Pick<StoredAgent, 'definition' | 'digest' | 'createdAt' | 'creation'> {
  /** Whose it is. Its key says so. Default: the default tenant's. */
  readonly tenant?: Tenant | undefined
}

export interface AgentStore {
  /**
   * Stores the agent under a key that no agent ever had, unless one of its line is in force: that is returned then, which may be another
   * definition's. Of creations at the same time one stands.
   */
  create(agent: NewAgent): Promise<StoredAgent>
  /** The agent of that line (`lineOf`) in force: created, and not being deleted. */
  current(line: string): Promise<StoredAgent | undefined>
  /** By key, also one that is being deleted. */
  get(agentId: string): Promise<StoredAgent | undefined>
  /** Those in force that match, by key: those after the key `after`, or from the first on. */
  list(page: AgentsPage): Promise<readonly StoredAgent[]>
  /** Those whose deletion is not finished, of one line or of all. */
  beingDeleted(line?: string): Promise<readonly LeavingAgent[]>
  /** Whether an agent had this key, and is erased. One that these stores never had was not deleted from them. */
  wasDeleted(agentId: string): Promise<boolean>
  /**
   * Whether an agent of that line, or the agent of exactly that key where it is a later one's (`isLaterKey`), was or is being deleted by this command,
   * whoever finished it. Of a line the latest 50 pairs of an agent and a command are known.
   */
  wasDeletedBy(lineOrKey: string, commandId: string): Promise<boolean>
  /**
   * Frees the agent's name for another one, at once and for good; the record stays until the agent is erased. Idempotent: the first time stands.
   * @param by the id of the command that wants it. It is kept with the name, beyond the agent's erasure, for `wasDeletedBy`; so is that of another
   *   command that wants the same later, also where the agent is erased by then.
   */
  markDeleting(agentId: string, at: string, by?: string): Promise<void>
  /** Puts a version of the definition, which is stored, in force, unless a later one is. The digest stays that of creation. */
  define(agentId: string, version: number, definition: AgentDefinition): Promise<void>
  setDocuments(agentId: string, count: number): Promise<void>
  archive(agentId: string, at: string): Promise<void>
}
