/**
 * How soon a dead worker is noticed, and so how late a live one may be. docs/architecture.md says why these times;
 * test/faults/overload.test.ts holds that no live worker exceeds them on a machine with four times more work than cores.
 */
export const liveness = {
  /** A running activity tells Temporal that often that it lives, and so hears of its cancellation. Milliseconds. */
  beatMs: 500,
  /** An activity that has not beaten for so long is given to another worker. Milliseconds. */
  heartbeatTimeoutMs: 3_000,
  /** The same for the activities of documents and asides, which hold up no agent: they may be late for longer. Milliseconds. */
  besideHeartbeatTimeoutMs: 6_000,
  /** The first retry of an activity, also of one whose worker died, waits so long. Milliseconds. */
  firstRetryMs: 250,
  /** A workflow task, with the local activities in it, that has not been answered for so long is given to another worker. Milliseconds. */
  workflowTaskTimeoutMs: 4_000,
  /** An agent's next workflow task waits so long for the worker that has the agent in its cache; then any worker gets it. Milliseconds. */
  stickyTimeoutMs: 1_000,
} as const
