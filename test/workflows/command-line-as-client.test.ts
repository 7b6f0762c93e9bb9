import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporal } from '@temporalio/proto'
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { z } from 'zod'
import { waitForWorker } from '../../src/client/wait-for-worker.ts'
import { openEmbeddedStores } from '../../src/stores/embedded/open.ts'
import { call, say, scriptedModel } from '../../src/testing.ts'
import { defineTool } from '../../src/tools/tool.ts'
import { runPerdure, type Ran } from '../cli/run-perdure.ts'
import { startAgents, type Agents } from '../support/agents.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { TASK_QUEUE_TYPE_WORKFLOW: workflowQueue, TASK_QUEUE_TYPE_ACTIVITY: activityQueue } = temporal.api.enums.v1.TaskQueueType

/** A tool that only the worker of this test has. */
const sounding = defineTool({
  name: 'sounding',
  description: 'The depth of the water.',
  schema: z.object({}),
  policy: { placement: 'activity', idempotent: true },
  run: () => Promise.resolve('Seven fathoms.'),
})

let agents: Agents
let home: string
let removeFolder: () => Promise<void>
beforeEach(async () => {
  const folder = await temporaryFolder()
  removeFolder = () => folder.remove()
  home = join(folder.path, 'home')
  mkdirSync(home)
  let calls = 0
  const model = scriptedModel([], { afterwards: () => (++calls % 2 === 1 ? call('sounding', {}, { heartbeat: true }) : say('Deep enough.')) })
  agents = await startAgents({ model, tools: [sounding], stores: await openEmbeddedStores({ file: join(home, 'memory.db') }) })
})
afterEach(async () => {
  await agents.close()
  await removeFolder()
})

function perdure(args: readonly string[], options: { readonly input?: string; readonly taskQueue?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  const { input, taskQueue = agents.taskQueue } = options
  const env = { ...options.env, TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: inject('temporalNamespace'), PERDURE_TASK_QUEUE: taskQueue }
  return runPerdure(home, args, { env, ...(input !== undefined && { input }) })
}

/** Who has asked for work of that kind on the queue, by name. */
async function pollers(taskQueueType: temporal.api.enums.v1.TaskQueueType): Promise<string[]> {
  const { workflowService, options } = agents.temporal
  const { pollers: found } = await workflowService.describeTaskQueue({ namespace: options.namespace, taskQueue: { name: agents.taskQueue }, taskQueueType })
  return [...new Set(found.map(({ identity }) => identity ?? ''))]
}

describe('a command beside a server that has workers of its own', () => {
  test('is a client: no second worker asks for work, and the worker with the tool answers every call of it [cli:chat]', { timeout: 180_000 }, async () => {
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', tools: ['send_message', 'sounding'] })
    const lines = Array.from({ length: 6 }, (_, index) => `How deep is it at ${index}?`)
    const [chat, ...others] = await Promise.all([perdure(['chat', '--agent', agentId], { input: lines.join('\n') }), perdure(['timers', agentId]), perdure(['waiting', agentId])])
    expect(chat.errors).not.toContain('perdure:')
    expect([chat, ...others].map(({ status }) => status)).toEqual([0, 0, 0])
    expect(chat.output.filter((line) => line.startsWith(`${agentId}> `))).toEqual(lines.map(() => `${agentId}> Deep enough.`))
    const results = (await client.messages(agentId)).filter(({ toolName }) => toolName === 'sounding').map(({ text }) => text)
    expect(results).toEqual(lines.map(() => 'Seven fathoms.'))
    const [worker, ...more] = await pollers(workflowQueue)
    expect([worker?.split('@')[0], more]).toEqual([String(process.pid), []])
    expect(await pollers(activityQueue)).toEqual([worker])
    expect((await perdure(['stack', 'status'])).output[0]).toContain('No stack runs')
  })

  test('says within seconds that no worker is there, and which command starts one [cli:chat]', { timeout: 120_000 }, async () => {
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted' })
    const taskQueue = `nobody-${randomUUID()}`
    const [chat, timers, listed] = await Promise.all([perdure(['chat', '--agent', agentId], { input: 'Hello?', taskQueue }), perdure(['timers', agentId], { taskQueue }), perdure(['agents'], { taskQueue })])
    for (const refused of [chat, timers]) {
      expect(refused).toMatchObject({ status: 4, output: [] })
      expect(refused.errors).toMatch(/no worker asks for work on task queue "nobody-\S+": start one with `perdure worker`.* \[no-worker\]/)
    }
    expect(listed).toMatchObject({ status: 0, output: expect.arrayContaining([expect.stringContaining(agentId)]) as string[] })
  })

  test('starts no stack there, and says what would [cli:chat]', async () => {
    const up = await perdure(['stack', 'up'])
    expect(up.status).toBe(2)
    expect(up.errors).toMatch(/TEMPORAL_ADDRESS names the server at \S+, .*`perdure worker`.* \[config-invalid\]/)
  })

  test('waits for a worker as long as it is let, and goes on when one comes [cli:chat]', async () => {
    const server = agents.temporal
    const taskQueue = `later-${randomUUID()}`
    const { signal } = new AbortController()
    let missing = 0
    const wanted = { taskQueue, patienceMs: Infinity, signal, onMissing: () => (missing += 1) }
    const waiting = waitForWorker(server, wanted)
    await expect.poll(() => missing, { timeout: 20_000 }).toBeGreaterThan(1)
    const { workflowService, options } = server
    // What a worker does: its question alone makes it known.
    const asking = server.withDeadline(Date.now() + 5_000, () => workflowService.pollWorkflowTaskQueue({ namespace: options.namespace, taskQueue: { name: taskQueue }, identity: 'late' })).catch(() => undefined)
    await waiting
    await asking
    await expect(waitForWorker(server, { ...wanted, taskQueue: `never-${randomUUID()}`, patienceMs: 0 })).rejects.toMatchObject({ code: 'no-worker' })
  })
})

describe('`perdure edit`, while somebody else changes the agent', () => {
  /** An editor that says when it is open, keeps what it was shown, waits until it may go on, and then does this to the file. */
  const slowEditor = (script: string): { readonly env: NodeJS.ProcessEnv; readonly open: (times: number) => Promise<string>; readonly goOn: (times: number) => void } => {
    const [file, folder] = [join(home, 'editor.sh'), join(home, 'editor')]
    mkdirSync(folder)
    writeFileSync(file, `#!/bin/sh\nn=$(ls "${folder}" | grep -c shown)\nn=$((n + 1))\ncp "$1" "${folder}/copy" && mv "${folder}/copy" "${folder}/shown-$n"\nwhile ! [ -e "${folder}/go-$n" ]; do sleep 0.05; done\n${script}\n`)
    chmodSync(file, 0o700)
    const shown = (times: number): string => join(folder, `shown-${times}`)
    return {
      env: { VISUAL: file },
      open: async (times) => {
        await vi.waitFor(() => expect(existsSync(shown(times))).toBe(true), { timeout: 60_000 })
        return readFileSync(shown(times), 'utf8')
      },
      goOn: (times) => writeFileSync(join(folder, `go-${times}`), ''),
    }
  }

  test('shows what was changed meanwhile, and saves on top of it [definition:living]', { timeout: 180_000 }, async () => {
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', description: 'before', tools: ['send_message'] })
    const editor = slowEditor(`if grep -q 'Not done' "$1"; then sed -i '/^#/d' "$1"; else sed -i 's/^model: .*/model: other/' "$1"; fi`)
    const edited = perdure(['edit', agentId, '--by', 'Ada'], { env: editor.env })
    expect(await editor.open(1)).toContain('description: before')
    await client.update(agentId, { description: 'after', tags: ['boats'] }, { author: 'Grace' })
    editor.goOn(1)
    const again = await editor.open(2)
    expect(again).toMatch(/^# Not done \(definition-conflict\)[^]*# Version 2, by Grace[^]*# +description +before → after\n# +tags/)
    expect(again).toMatch(/^model: other$/m)
    expect(again).toMatch(/^description: after$/m)
    editor.goOn(2)
    const { status, output } = await edited
    expect([status, output.at(-1)]).toEqual([0, expect.stringContaining('is at version 3')])
    expect((await client.get(agentId))?.definition).toMatchObject({ model: 'other', description: 'after', tags: ['boats'] })
    expect(readdirSync(join(home, 'edits'))).toEqual([])
  })

  test('leaves a text that was given up where no later edit, nor one at the same time, writes over it [definition:living]', { timeout: 180_000 }, async () => {
    const { client, agentId } = agents
    await client.create({ id: agentId, model: 'scripted', tools: ['send_message'] })
    const editor = slowEditor(`grep -q nosuch "$1" || echo 'nosuch: 1' >> "$1"`)
    for (const times of [1, 2, 3, 4]) editor.goOn(times)
    const given = await Promise.all([perdure(['edit', agentId], { env: editor.env }), perdure(['edit', agentId], { env: editor.env })])
    const later = await perdure(['edit', agentId], { env: { VISUAL: 'true' } })
    expect(later.output).toEqual(['Nothing was changed.'])
    const files = given.map(({ errors }) => /The text is in (\S+)/.exec(errors)?.[1] ?? expect.fail(errors))
    expect(new Set(files).size).toBe(2)
    for (const file of files) expect(readFileSync(file, 'utf8')).toContain('nosuch: 1')
  })
})
