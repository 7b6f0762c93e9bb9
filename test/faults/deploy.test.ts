import { randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { buildsOf, setCurrentBuild } from '../../src/operations/deployments.ts'
import { workflowIdOf } from '../../src/protocol/ids.ts'
import { call, say, type ScriptedStep } from '../../src/testing.ts'
import { runsOf } from '../replay/runs-of.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { audit } from './support/audit.ts'
import { nextVersion, type NextVersion } from './support/changed-source.ts'
import { hangOnce, inferencesOf } from './support/model-of-moves.ts'
import { inWorld, type World } from './support/world.ts'

const timeout = 300_000
const patience = { timeout: 90_000, interval: 50 }

/** Version 2 looks into the stores before each turn: one more local activity, before everything that version 1 does. */
const lookFirst = (condition: string) => (loop: string): string =>
  loop
    .replace('  if (turn === undefined) return\n', `  if (turn === undefined) return\n  if (${condition}) await look({ agentId: state.agentId, queueTokens: 1 })\n`)
    .replace(/^/, "import { patched as isPatched } from '@temporalio/workflow'\nimport { open as look } from './activities.ts'\n")

const beforeTheTurn = 'turn.step === 1 && turn.stepSeq === undefined'

let folders: Awaited<ReturnType<typeof temporaryFolder>>[]
let patched: NextVersion
let careless: NextVersion
beforeAll(async () => {
  folders = [await temporaryFolder(), await temporaryFolder()]
  patched = await nextVersion(folders[0]?.path ?? '', lookFirst(`${beforeTheTurn} && isPatched('look-first')`))
  careless = await nextVersion(folders[1]?.path ?? '', lookFirst(beforeTheTurn))
})
afterAll(async () => {
  for (const folder of folders) await folder.remove()
})

/** An effect, then a thought in which the worker dies. */
function moves(): (text: string) => readonly ScriptedStep[] {
  const hanging = hangOnce(say('Hello.'))
  return (text) => (text === 'Hi' ? [call('ring_bell', {}, { heartbeat: true }), hanging] : [])
}

const thinking = (world: World): Promise<unknown> => vi.waitUntil(() => inferencesOf(world.model).length === 2, patience)

/** What the present run of the agent's history says of the change: its patches in order, and workflow tasks that failed. */
async function historyOf({ temporal, agentId }: World): Promise<{ readonly patches: readonly string[]; readonly failures: readonly string[]; readonly builds: readonly string[] }> {
  const events = (await runsOf(temporal, workflowIdOf(agentId))).flatMap((run) => run.events ?? [])
  return {
    patches: events.flatMap(({ markerRecordedEventAttributes: marker }) =>
      marker?.markerName === 'core_patch' ? Object.values(marker.details ?? {}).map(({ payloads }) => Buffer.from(payloads?.[0]?.data ?? []).toString()) : [],
    ),
    failures: events.flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? []),
    builds: events.flatMap(({ workflowTaskCompletedEventAttributes: done }) => done?.deploymentVersion?.buildId ?? []),
  }
}

/** `perdure replay` of a version's own command line, as one would run it before its deploy. */
function replayWith(version: NextVersion, { agentId }: World): { readonly status: number | null; readonly output: string } {
  const ran = spawnSync(process.execPath, ['--import', 'tsx', version.main, 'replay', agentId], {
    env: { ...process.env, TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: inject('temporalNamespace') },
    encoding: 'utf8',
  })
  return { status: ran.status, output: ran.stdout + ran.stderr }
}

describe('a new version, deployed in the middle of a turn', { timeout }, () => {
  test('ends the turn that the killed one began, and takes its own way from the next turn on [deploy:versioning]', () =>
    inWorld({ row: 'deploy-in-turn', moves: moves() }, async (world) => {
      const { client, agentId } = world
      const first = await world.startWorker()
      const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
      await thinking(world)
      await first.kill()
      expect(replayWith(patched, world)).toMatchObject({ status: 0, output: expect.stringContaining('it replays') as string })

      const second = await world.startWorker({ workflowCode: patched.workflowCode })
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'], figures: { steps: 2 } })
      expect((await historyOf(world)).patches).not.toContainEqual(expect.stringContaining('look-first'))
      expect(await client.send(agentId, 'And now?', { eventId: 'now' })).toMatchObject({ end: 'completed' })
      const { effects } = await audit(world, { hi: 'Hi', now: 'And now?' })
      expect(effects).toHaveLength(1)
      expect((await historyOf(world)).patches).toContainEqual(expect.stringContaining('look-first'))

      // Somebody starts the old version again, alone: it does not know the change, and does nothing rather than something wrong.
      await second.kill()
      const third = await world.startWorker()
      const late = client.send(agentId, 'Anybody?', { eventId: 'late' })
      await vi.waitUntil(async () => (await historyOf(world)).failures.length > 0, patience)
      expect((await historyOf(world)).failures[0]).toMatch(/[Nn]ondeterminism/)
      await third.kill()
      await world.startWorker({ workflowCode: patched.workflowCode })
      expect(await late).toMatchObject({ end: 'completed', replyTexts: ['done: Anybody?'] })
      expect((await client.messages(agentId)).filter(({ eventId }) => eventId === 'late')).toHaveLength(1)
    }))

  test('as a build of a deployment: it gets work when it is current, and the old one that comes back gets none [deploy:versioning]', () =>
    inWorld({ row: 'deploy-versioned', moves: moves() }, async (world) => {
      const { client, temporal, agentId } = world
      const name = `d-${randomUUID().slice(0, 8)}`
      const makeCurrent = async (buildId: string): Promise<void> => {
        // A build is known a moment after its first worker has asked for work.
        await vi.waitUntil(() => buildsOf(temporal, name).then((builds) => builds.some((build) => build.buildId === buildId), () => false), patience)
        await setCurrentBuild(temporal, name, buildId)
      }
      const first = await world.startWorker({ deployment: { name, buildId: 'one' } })
      await makeCurrent('one')
      const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
      await thinking(world)
      await first.kill()

      await world.startWorker({ workflowCode: patched.workflowCode, deployment: { name, buildId: 'two' } })
      await makeCurrent('two')
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
      await world.startWorker({ deployment: { name, buildId: 'one' } })
      for (const eventId of ['a', 'b', 'c']) expect(await client.send(agentId, eventId, { eventId })).toMatchObject({ end: 'completed' })
      const { effects } = await audit(world, { hi: 'Hi', a: 'a', b: 'b', c: 'c' })
      expect(effects).toHaveLength(1)
      const { builds, patches } = await historyOf(world)
      expect({ first: builds[0], last: builds.at(-1), changes: builds.filter((build, index) => build !== builds[index - 1]) }).toEqual({ first: 'one', last: 'two', changes: ['one', 'two'] })
      expect(patches).toContainEqual(expect.stringContaining('look-first'))
      expect((await buildsOf(temporal, name)).find(({ buildId }) => buildId === 'two')).toMatchObject({ status: 'current', share: 100 })
    }))

  test('with a change that is not behind patched(), and started all the same, takes up from the stores what it can not replay [deploy:versioning recover:from-stores]', () =>
    inWorld({ row: 'deploy-unreplayable', moves: moves() }, async (world) => {
      const { client, agentId } = world
      const first = await world.startWorker()
      const answer = client.send(agentId, 'Hi', { eventId: 'hi' })
      await thinking(world)
      await first.kill()
      await world.startWorker({ workflowCode: careless.workflowCode })
      expect(await answer).toMatchObject({ end: 'completed', replyTexts: ['Hello.'] })
      const { effects } = await audit(world, { hi: 'Hi' }, { before: ['hi'] })
      expect(effects).toHaveLength(1)
    }))

  test('with a change that is not behind patched() is caught by `perdure replay` before [deploy:versioning history:replay]', () =>
    inWorld({ moves: moves() }, async (world) => {
      await world.startWorker()
      await world.client.send(world.agentId, 'Good morning', { eventId: 'morning' })
      const { status, output } = replayWith(careless, world)
      expect(output).toMatch(/^leaves .* at event \d+ of \d+: the history has ActivityTaskScheduled infer, for which the code does not ask$/m)
      expect(status).toBe(1)
    }))
})
