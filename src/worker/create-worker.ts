import { Client } from '@temporalio/client'
import type { DataConverter } from '@temporalio/common'
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker'
import { createCheckTools } from '../activities/check-tools.ts'
import { createActivities } from '../activities/create-activities.ts'
import { createDocumentActivities } from '../activities/documents/create-document-activities.ts'
import { faultPoint } from '../activities/fault-point.ts'
import { liveTexts } from '../activities/live/live-text.ts'
import { messageCache } from '../activities/message-cache.ts'
import { encryptedDataConverter } from '../codec/data-converter.ts'
import type { ChatModel, Embedder } from '../model/model.ts'
import type { Prices } from '../model/prices.ts'
import type { Observe } from '../protocol/observation.ts'
import { loadTokenCounter } from '../model/tokens.ts'
import { defaultTaskQueue } from '../protocol/ids.ts'
import { liveness } from '../protocol/liveness.ts'
import type { Stores } from '../stores/stores.ts'
import { builtinTools } from '../tools/builtin.ts'
import { toolRegistry } from '../tools/registry.ts'
import type { Tool } from '../tools/tool.ts'
import { createExchangeActivities } from './exchange-activities.ts'
import { exchangeLane } from './exchange-lane.ts'
import { leavesBy } from './leaves.ts'
import { keepAgents } from './keeper.ts'
import { ensureSearchAttributes } from './search-attributes.ts'
import { versioned } from './versioned.ts'
import { workflowSource } from './workflow-source.ts'

export interface PerdureWorkerOptions {
  readonly connection: NativeConnection
  /** Default `default`. */
  readonly namespace?: string
  /** Default `perdure`. More workers on the same queue share its agents. */
  readonly taskQueue?: string
  /** The same set that clients use. */
  readonly stores: Stores
  readonly model: ChatModel
  readonly embedder: Embedder
  /** What models cost, by name. Default: no price is known; then costs are absent, and an agent with a budget in dollars parks. */
  readonly prices?: Prices
  /** Tools beside the built-in ones. An agent has those that its definition names. */
  readonly tools?: readonly Tool[]
  /** Whether those who watch an agent see text as its model writes it, not only when it is stored. Default true. */
  readonly stream?: boolean
  /** Whether one line of conversation may be shown in Temporal's Web UI. Default false. */
  readonly uiText?: boolean
  /**
   * `encryptedDataConverter(ring)` encrypts what Temporal stores; every worker and Temporal `Client` of these agents needs the same
   * ring. Default: plain payloads.
   */
  readonly dataConverter?: DataConverter
  /** Agents kept in memory; one that is not replays its latest run at its next event. Default 500. */
  readonly cachedAgents?: number
  /** Told what this worker does, when it is done: `startTelemetry` has one. Default: nobody. */
  readonly observe?: Observe
  /**
   * Makes this worker a version of a Worker Deployment: it gets work only once its build is current (`perdure deploy current`), and agents
   * move to the current build at their next step. `buildId` by default: this package's version and a digest of the workflows.
   * Default: not versioned.
   */
  readonly deployment?: { readonly name: string; readonly buildId?: string }
  /**
   * Whether the search attributes of agents are registered where they are missing, at the start and whenever somebody has removed them. `false` for a user who may not: then an administrator
   * does so once, by `ensureSearchAttributes` or the `temporal` command. Default true.
   */
  readonly registerSearchAttributes?: boolean
  /** For tests of crashes. */
  readonly faults?: { readonly point?: string; readonly dir?: string }
  /** Ready-made bundle of the workflows, with the data converter's own modules, for tests that start many workers. */
  readonly workflowBundle?: WorkerOptions['workflowBundle']
}

/**
 * How long a workflow's code may run in one go, by the clock on the wall. The SDK's 5 seconds are for code that may loop for ever. Ours
 * does not, and what the limit met were processes that had been stopped, or had no core: Node then ends the whole process by itself
 * (nodejs/node#38503). The SDK takes the option, though the type of its options does not name it.
 */
const workflowTime = { isolateExecutionTimeout: '10 minutes' }

/**
 * A worker that runs agents: their workflows, inferences and tools. Closing `stores` and `connection` is the caller's, after
 * `run` has returned.
 * @throws PerdureError `invalid-argument` for tools that are not usable; `server-unavailable` where search attributes can't be registered
 */
export async function createWorker(options: PerdureWorkerOptions): Promise<Worker> {
  const { connection, stores, model, embedder, tools = [], uiText = false, stream = true, dataConverter = encryptedDataConverter([]), namespace = 'default', taskQueue = defaultTaskQueue } = options
  const registry = toolRegistry([...builtinTools, ...tools])
  const { prices, observe } = options
  const lent = { stores, model, embedder, tools: registry, uiText, faultPoint: faultPoint(options.faults ?? {}), cache: messageCache() }
  const isAlive = (): boolean => ['INITIALIZED', 'RUNNING'].includes(worker.getState())
  const isStopping = (): boolean => !isAlive()
  const temporal = new Client({ connection, namespace, dataConverter })
  const dependencies = { ...lent, isStopping, leaves: leavesBy({ workflows: { temporal, taskQueue }, stores, space: embedder }), ...(prices && { prices }), ...(observe && { observe }), ...(stream && { live: liveTexts(stores.live) }) }
  const registers = options.registerSearchAttributes ?? true
  if (registers) await ensureSearchAttributes(connection, namespace)
  loadTokenCounter()
  const source = workflowSource({ workflowBundle: options.workflowBundle, dataConverter })
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    dataConverter,
    ...(options.deployment === undefined ? source : await versioned(options.deployment, source)),
    activities: {
      ...createActivities(dependencies),
      ...createDocumentActivities(dependencies),
      ...createExchangeActivities({ lane: exchangeLane({ stores, embedder, onBatch: () => lent.faultPoint('exchanges-embedded') }), isStopping }),
      checkTools: createCheckTools(dependencies),
    },
    maxCachedWorkflows: options.cachedAgents ?? 500,
    // A cancel reaches an activity with its heartbeats' answers, so they must not be held back for long.
    maxHeartbeatThrottleInterval: liveness.beatMs,
    defaultHeartbeatThrottleInterval: liveness.beatMs,
    // A worker that died leaves its agents' tasks on a queue of its own; after this they go to another.
    stickyQueueScheduleToStartTimeout: liveness.stickyTimeoutMs,
    shutdownGraceTime: '5 seconds',
    ...workflowTime,
  })
  void keepAgents({ temporal, ...(registers && { registerWith: connection }), stores, taskQueue, alive: isAlive })
  return worker
}
