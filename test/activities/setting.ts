import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { createActivities } from '../../src/activities/create-activities.ts'
import type { FaultPoint } from '../../src/activities/fault-point.ts'
import { messageCache } from '../../src/activities/message-cache.ts'
import { defineAgent, type AgentInput } from '../../src/definition/define-agent.ts'
import { simulatedEmbedder } from '../../src/simulated/index.ts'
import type { ChatModel } from '../../src/model/model.ts'
import type { AgentActivities, InferenceInput } from '../../src/protocol/activities.ts'
import type { Observe } from '../../src/protocol/observation.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import type { Stores } from '../../src/stores/stores.ts'
import { builtinTools } from '../../src/tools/builtin.ts'
import { toolRegistry } from '../../src/tools/registry.ts'
import type { Tool } from '../../src/tools/tool.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { openCloning } from '../support/open-cloning.ts'

/** Real stores and a scripted model, each activity run as one attempt, without a server. */
export interface Setting {
  readonly stores: Stores
  readonly run: RunActivity
  /** Runs activities as another worker with the same stores does, which knows nothing of what the first has read. */
  anotherWorker(): RunActivity
  /** Cancels what is run, as a person's cancel of the turn does. */
  cancel(): void
  close(): Promise<void>
}

type RunActivity = <Name extends keyof AgentActivities>(
  name: Name,
  input: Parameters<AgentActivities[Name]>[0],
  attempt?: number,
) => Promise<Awaited<ReturnType<AgentActivities[Name]>>>

export async function setting(options: { readonly model: ChatModel; readonly agent?: Partial<AgentInput>; readonly tools?: readonly Tool[]; readonly observe?: Observe; readonly faultPoint?: FaultPoint }): Promise<Setting> {
  const folder = await temporaryFolder()
  const stores = await openEmbeddedStores({ file: join(folder.path, 'memory.db'), open: openCloning })
  const definition = defineAgent({ id: 'ada', model: 'scripted', ...options.agent })
  await stores.memory.agents.create({ definition, digest: 'd', createdAt: '2026-01-01T00:00:00.000Z' })
  let running: MockActivityEnvironment | undefined
  const startWorker = (): RunActivity => {
    const activities = createActivities({
      stores,
      model: options.model,
      embedder: simulatedEmbedder(),
      tools: toolRegistry([...builtinTools, ...(options.tools ?? [])]),
      uiText: false,
      faultPoint: options.faultPoint ?? (() => undefined),
      cache: messageCache(),
      ...(options.observe && { observe: options.observe }),
    })
    return (name, input, attempt = 1) => {
      const activity = activities[name] as (given: typeof input) => Promise<Awaited<ReturnType<AgentActivities[typeof name]>>>
      running = new MockActivityEnvironment({ attempt }, { logger: new DefaultLogger('ERROR') })
      return running.run(activity, input)
    }
  }
  return {
    stores,
    run: startWorker(),
    anotherWorker: startWorker,
    cancel: () => running?.cancel('CANCELLED'),
    close: async () => {
      await stores.close()
      await folder.remove()
    },
  }
}

/** The first step of the first turn, for a message that the sender gave the text of. */
export function firstStep(text: string, changes: Partial<InferenceInput> = {}): InferenceInput {
  const event = { id: 'e1', kind: 'user-message' as const, bytes: Buffer.byteLength(text), text }
  return {
    agentId: 'ada',
    turn: 1,
    step: 1,
    op: 'ada/1/1',
    seq: 2,
    turnSeq: 1,
    cause: 'event',
    record: [{ seq: 1, event, at: '2026-01-01T10:00:00.000Z' }],
    queue: [],
    evicted: 0,
    calibration: 1,
    ...changes,
  }
}
