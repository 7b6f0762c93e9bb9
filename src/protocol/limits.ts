/** Sizes above which input is refused, with the error that names the limit. Bytes are of UTF-8. */
export const limits = {
  /** Characters of an agent id. */
  agentIdCharacters: 64,
  /** Characters of an event id. */
  eventIdCharacters: 128,
  /** Bytes of one event's text. */
  eventTextBytes: 64 * 1024,
  /** Events that may wait in one mailbox. */
  mailboxEvents: 10_000,
  /** Timers of one agent. */
  timers: 200,
  /** Characters of a timer's id. */
  timerIdCharacters: 64,
  /** Milliseconds between two firings of one timer, at least. */
  timerIntervalMs: 1_000,
  /** Characters of one block's limit; the default limit is `defaults.blockLimit`. */
  blockLimitCharacters: 100_000,
  /** Blocks of one agent. */
  blocks: 64,
  /** Bytes of one tool call's arguments; more is a malformed call. */
  toolArgumentsBytes: 256 * 1024,
  /** Bytes of an answer to a call that waits: edited arguments, a reason, a caller's result. */
  answerBytes: 256 * 1024,
  /** Tools of one agent that run at its callers. */
  clientTools: 64,
  /** Characters of one tool result that the model sees; the rest is cut, and the result says so. */
  toolResultCharacters: 16_000,
  /** Bytes of one file that is loaded. */
  documentBytes: 64 * 1024 * 1024,
  /** Characters of one archival passage. */
  passageCharacters: 8_000,
  /** Results on one page of a search. */
  searchPageSize: 5,
} as const
