/**
 * Every capability that Perdure is to have, by id. Tests name the ids that they verify at the end of their titles, as in
 * `test('finds a message by any of its words [recall:search]', …)`; `requirements.test.ts` fails where an id that is `done` has
 * none. An id is never dropped: what is not built yet is `deferred`, with its reason.
 */
export type Requirement =
  | { readonly section: Section; readonly id: string; readonly text: string; readonly status: 'done' }
  | { readonly section: Section; readonly id: string; readonly text: string; readonly status: 'deferred'; readonly reason: string }

export type Section = 'control flow' | 'memory' | 'operation' | 'interfaces' | 'beyond one chat' | 'evaluation'

type Row = readonly [id: string, text: string, deferred?: string]

const rows: Readonly<Record<Section, readonly Row[]>> = {
  'control flow': [
    ['agent:one-workflow', 'an agent is one workflow for its whole life; the workflow id comes from the agent id'],
    ['agent:create', 'creating the same agent again changes nothing; another definition under its id is a conflict'],
    ['agent:generations', 'an agent created anew under a used name has nothing of the earlier one; nothing of a deletion reaches it'],
    ['event:user-signal', 'a user message as a signal, also with signal-with-start'],
    ['event:user-update', 'a user message as an update: validated, answered at the turn\'s end or at once with its place'],
    ['event:kinds', 'system messages, login, upload, heartbeats, alerts and other kinds, each recorded with its time'],
    ['event:timers', 'a scheduled interrupt wakes an idle agent, once or repeatedly'],
    ['mailbox:fifo', 'events in order, one turn at a time, nobody is told "busy"'],
    ['mailbox:durable', 'an accepted message is never lost, whichever process dies'],
    ['updates:bounded', 'no update is held for a turn: no number of senders, waits or commands meets a limit of Temporal; cancel and answers always get through'],
    ['commands:idempotent', 'a command, or a cancel, that is repeated under its id is the same one'],
    ['mailbox:dedupe', 'a message resent under its id is the same message'],
    ['step:tools-only', 'all that the model does is a tool call; only send_message reaches the user'],
    ['step:inner-thoughts', 'inner thoughts are kept with their step and never sent as a reply'],
    ['step:heartbeat', 'a call that asks for a heartbeat gives another step; without one the agent yields'],
    ['step:failed-tool-continues', 'a failed tool gives the model its error and another step'],
    ['step:parallel-calls', 'all calls of a step run; results stand in the order asked'],
    ['step:pairing', 'each call has exactly one result before the next inference'],
    ['step:malformed-call', 'a malformed call gets its error as its result; tries are bounded'],
    ['step:at-most-once', 'a tool that is not idempotent never runs twice for one call'],
    ['turn:named-end', 'each turn ends by name: completed, cancelled, stopped or parked'],
    ['turn:cancel', 'cancelling reaches the running inference or tool and keeps what was finished'],
    ['turn:park-resume', 'the agent parks with a reason, keeps its mailbox, and resumes'],
    ['turn:approval', 'a tool can wait for a person\'s approval, for days'],
    ['recover:from-stores', 'with its workflow lost, cancelled or reset, an agent has every accepted event\'s turn and answer, its timers and its counters'],
  ],
  memory: [
    ['context:layout', 'instructions, core memory, statistics, summary and queue make up the main context'],
    ['prompt:exact', 'the exact prompt of any step can be rebuilt, and is checked by a digest'],
    ['context:prefix-stable', 'what seldom changes stands first'],
    ['context:no-poison', 'a message that a filter refuses, or that is cancelled before any inference, leaves the context and stays in recall'],
    ['context:budget', 'tokens are counted before each inference and calibrated by the provider\'s count'],
    ['core:blocks', 'blocks with description, limit and read-only; one block in several agents'],
    ['core:append-replace', 'one write path, which enforces the limit and names limit, size and overage'],
    ['core:self-edit', 'the agent edits its persona, and its instructions where allowed'],
    ['core:history', 'each change of a block is kept with turn, author and time, and can be undone'],
    ['message:parts', 'what a stored message says is a list of content parts'],
    ['recall:never-deleted', 'every message stays in recall, evicted or not'],
    ['recall:search', 'by text and by time range, paged'],
    ['recall:meaning', 'conversation_search finds by meaning too, what has left the context'],
    ['scale:search', 'any search over a million messages or 100,000 passages within its bound, on no event loop', 'in the memory file it is; in MongoDB and Qdrant it was not measured'],
    ['archival:insert-search', 'meaning and words together, paged, filtered by tag, source and time'],
    ['archival:embedding-guard', 'another embedding model is an error; a re-index command mends it'],
    ['archival:person', 'a person searches, inserts, edits, supersedes and deletes passages, with their origin'],
    ['paging:page-out', 'page_out stores a chunk outside; search looks through recall and archival together'],
    ['external:statistics', 'the context says how much recall and archival memory there is'],
    ['pressure:alert', 'crossing the warning threshold gives one alert and a step'],
    ['pressure:flush', 'past the flush threshold a chunk gives way to a recursive summary; pairs stay together'],
    ['pressure:transaction', 'the old context goes only after a summary is stored; bounded fallback; overflow compacts once, then parks'],
    ['pressure:continue-as-new', 'continue-as-new between steps loses nothing and does nothing twice'],
    ['words:one-module', 'case, accents and words are folded and found in one way everywhere, in every script'],
    ['documents:load', 'documents and folders into archival memory, by a workflow of its own'],
    ['documents:isolated', 'the reading of a document holds no event loop and ends no worker; its time, memory and size are bounded'],
    ['documents:faithful', 'no format loses text silently; encodings are read as declared'],
    ['documents:analyse', 'answers over documents far larger than the window, by paging'],
  ],
  operation: [
    ['query:state', 'queries give status, turn, step, mailbox, counters, tokens and queue, also while a turn runs'],
    ['ui:legible', 'summaries, details, memo and search attributes in Temporal\'s Web UI, without conversation text'],
    ['history:references', 'histories carry ids, counts and short summaries, within a bound per turn'],
    ['history:replay', 'any history replays by a command, kept histories in CI'],
    ['payload:encryption', 'payloads are encrypted by a key ring; a codec server shows them'],
    ['deploy:versioning', 'a new version takes over running agents'],
    ['faults:table', 'every kill and every fault of a server or model is a test'],
    ['errors:final', 'what can never work is not retried for ever, anywhere; it ends by name'],
    ['workflow:unfailing', 'no answer of an activity ends an agent\'s workflow'],
    ['telemetry', 'traces, metrics and structured logs, one switch'],
    ['definition:living', 'every field of a definition changes in a living agent: versions, validated, between steps, compared, undone'],
    ['cost', 'tokens, cost and latency per step, turn and agent; budgets'],
    ['doctor', 'one command checks settings and servers and says what to do'],
    ['perf:floor', 'latency, throughput and CPU of a message near those of the bare loop; wakes bounded at any age'],
  ],
  interfaces: [
    ['cli:json', 'every command that lists has --json with a stable shape; agents are filtered by tag, status and model, in pages'],
    ['client:sdk', 'a typed client'],
    ['cli:chat', 'a chat on the command line, with persona and human files and its commands'],
    ['live:text', 'thoughts and replies are seen as they are written; what was streamed equals what is stored; a retried inference resets it'],
    ['live:watch', 'one way to follow an agent across turns, resumed at any sequence number, any number of watchers'],
    ['cli:typed-is-kept', 'what was entered is in the mailbox before the prompt comes back'],
    ['package:usable', 'packed and installed elsewhere, all that is documented compiles strictly and works; the client alone is small'],
    ['http:api', 'an HTTP API with an OpenAPI document and errors by name'],
    ['http:complete', 'what the client can do, the API can'],
    ['http:keys', 'hashed keys with scopes and expiry; loopback only without'],
    ['http:tenants', 'tenants are apart inside the stores, by what ids are made of'],
    ['http:client', 'a client without dependencies for Node, browsers, Deno and Bun: what the client in process does, over HTTP'],
    ['http:stream', 'server-sent events with ids: thoughts, calls and reply text as they are written; a lost connection resumes at any server'],
    ['openai:compatible', 'an agent at an OpenAI-compatible endpoint: models, chat completions and responses, streamed and not, tools, retries'],
    ['openai:asides', 'requests that must leave no trace leave none, and are answered', 'tasks of front ends are refused, and so leave no trace; answering them needs an inference outside of the agent\'s workflow'],
    ['letta:compatible', 'Letta\'s TypeScript client works against this server', 'needs Letta\'s names and shapes as one more projection of the routes'],
    ['mcp:client', 'tools of MCP servers are tools of an agent', 'custom tools come first; MCP tools will be made of them'],
    ['mcp:server', 'an agent is an MCP server', 'needs one more projection of the routes'],
    ['web:page', 'a page to chat, watch steps, and read and edit memory'],
  ],
  'beyond one chat': [
    ['multi:messages', 'agents send each other messages', 'the event kind is reserved; the tool is not written'],
    ['multi:shared-blocks', 'a shared block shows each agent the other\'s edits; none is lost'],
    ['multi:sleep-time', 'a second workflow tidies memory while the agent is idle', 'not begun'],
    ['file:export-import', 'one file holds an agent whole; exact round trip', 'not begun'],
    ['tools:custom', 'a tool is one object: name, description, schema, function, policy'],
    ['tools:client-side', 'a tool can run at the caller while the turn waits'],
    ['tools:of-message', 'a message brings tools that run at its sender, for its turn only'],
    ['model:any', 'any OpenAI-compatible endpoint, its capabilities probed'],
    ['model:learned-limits', 'limits that a refusal names are learned, for chat and embeddings'],
    ['model:sampling', 'temperature, top p, seed, reasoning effort, output limit and further fields, for an agent and as a default'],
    ['model:returned', 'signatures and reasoning that an endpoint gives go back with their message, to it alone, and are never a reply'],
    ['model:retry', 'rate limits wait as told; refused requests are not retried; no retries below ours'],
  ],
  evaluation: [
    ['eval:nested-kv', 'nested key-value retrieval, by exact match'],
    ['eval:dmr', 'deep memory retrieval over several sessions'],
    ['eval:doc-qa', 'document questions against the number of documents read'],
    ['eval:memory-skills', 'reading, writing and updating facts in memory'],
    ['eval:locomo', 'evidence recall on LoCoMo, data from the user'],
  ],
}

/** How many there are: a number of its own, so that none is lost by an edit of the table. */
export const requirementCount = 103

export const requirements: readonly Requirement[] = sections().flatMap(section =>
  rows[section].map(([id, text, reason]): Requirement => {
    const requirement = { section, id, text }
    return reason === undefined ? { ...requirement, status: 'done' } : { ...requirement, status: 'deferred', reason }
  }),
)

function sections(): Section[] {
  return ['control flow', 'memory', 'operation', 'interfaces', 'beyond one chat', 'evaluation']
}
