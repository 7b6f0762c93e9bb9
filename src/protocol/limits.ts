/** Sizes above which input is refused, with the error that names the limit. Bytes are of UTF-8. */
export const limits = {
  /** Characters of an agent id. */
  agentIdCharacters: 64,
  /** Characters of an event id. */
  eventIdCharacters: 128,
  /** Bytes of one event's text. */
  eventTextBytes: 64 * 1024,
  /** Events that may wait in one mailbox. */
  mailboxEvents: 5_000,
  /** Bytes that those events take in the carried state: their ids, and the texts of those that came without a store. */
  mailboxBytes: 896 * 1024,
  /** Timers of one agent. */
  timers: 200,
  /** Bytes that those timers take in the carried state: their ids, and the texts of those that came without a store. */
  timersBytes: 128 * 1024,
  /** Characters of a timer's id. */
  timerIdCharacters: 64,
  /** Milliseconds between two firings of one timer, at least. */
  timerIntervalMs: 1_000,
  /** Messages in one context; more are summarised, however large the window is. */
  queueMessages: 8_000,
  /** Replies of one turn; then it stops. */
  repliesPerTurn: 500,
  /** Characters of the name of an agent that people are shown. */
  shownNameCharacters: 200,
  /** Characters of an agent's description, and of a block's. */
  descriptionCharacters: 1_000,
  /** Bytes of an agent's metadata as JSON. */
  metadataBytes: 16 * 1024,
  /** How deep objects and lists may stand in one another in an agent's metadata. */
  metadataDepth: 20,
  /** Characters of a block's label. */
  blockLabelCharacters: 100,
  /** Characters of a model's name. */
  modelNameCharacters: 200,
  /** Characters of an agent's own instructions. */
  instructionsCharacters: 100_000,
  /** Bytes of an agent's whole definition as JSON. */
  definitionBytes: 4 * 1024 * 1024,
  /** Tools of one agent that run at workers. */
  tools: 128,
  /** Characters of one block's limit; the default limit is `defaults.blockLimit`. */
  blockLimitCharacters: 100_000,
  /** Blocks of one agent. */
  blocks: 64,
  /** Characters of the limits of all blocks of one agent together. */
  coreMemoryCharacters: 1_000_000,
  /** Characters of a person's name, where one signs an edit or an answer. */
  authorCharacters: 200,
  /** Characters of an access key's name. */
  accessKeyNameCharacters: 200,
  /** Calls of one step; those beyond are left out, and the message says so. */
  callsPerStep: 32,
  /** Characters of a model's text beside its calls; the rest is cut, and the text says so. */
  modelTextCharacters: 64 * 1024,
  /** Characters of what an endpoint gives beside a message, or beside one call, to have it back (signatures, reasoning); more is not kept. */
  givenCharacters: 256 * 1024,
  /** Bytes of one tool call's arguments; more is a malformed call. */
  toolArgumentsBytes: 256 * 1024,
  /** Bytes of an answer to a call that waits: edited arguments, a reason, a caller's result. */
  answerBytes: 256 * 1024,
  /** Tools of one agent that run at its callers. */
  clientTools: 64,
  /** Bytes of the tools that one message brings, as JSON. */
  messageToolsBytes: 256 * 1024,
  /** Characters of one `pattern` in a client tool's JSON Schema. */
  patternCharacters: 1_000,
  /** Schemas within a client tool's JSON Schema. */
  schemaParts: 1_000,
  /** How deep those may stand in one another. */
  schemaDepth: 32,
  /** Tokens that an agent may let one answer have. */
  outputTokens: 1_000_000,
  /** Bytes of one answer of a model's endpoint; more is broken off. */
  modelAnswerBytes: 8 * 1024 * 1024,
  /** Characters of one tool result that the model sees; the rest is cut, and the result says so. */
  toolResultCharacters: 16_000,
  /** Bytes of one file that is loaded. */
  documentBytes: 64 * 1024 * 1024,
  /** Characters of a document's name. */
  documentNameCharacters: 500,
  /** Characters of one archival passage. */
  passageCharacters: 8_000,
  /** Tags of one agent, of one passage, and of one search. */
  tags: 32,
  /** Characters of one tag. */
  tagCharacters: 100,
  /** Characters of what is searched for. */
  queryCharacters: 2_000,
  /** Bytes of what is asked in one aside, with all that is sent along. */
  asideBytes: 1024 * 1024,
  /** Seconds for which a model may be waited for. */
  requestSeconds: 14_400,
  /** Stored things that a caller gets at once. */
  pageSize: 1_000,
  /** Bytes of JSON after which a page of what may be large ends. */
  pageBytes: 4 * 1024 * 1024,
  /** Results on one page of a search. */
  searchPageSize: 5,
} as const
