import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { identityOf, isAlive, ownIdentity, processesOfSession, signalProcess } from '../../src/stack/process-identity.ts'

describe('the identity of a process', () => {
  test('stays the same while it lives, and is gone afterwards', async () => {
    const child = spawn('sleep', ['60'])
    const identity = identityOf(child.pid ?? 0)
    if (identity === undefined) throw new Error('the child has no identity')
    expect(identityOf(identity.pid)).toEqual(identity)
    expect(isAlive(identity)).toBe(true)
    const ended = once(child, 'exit')
    expect(signalProcess(identity, 'SIGKILL')).toBe(true)
    await ended
    expect(isAlive(identity)).toBe(false)
    expect(signalProcess(identity, 'SIGKILL')).toBe(false)
  })

  test('is not that of another process with the same number, which gets no signal', () => {
    const other = { pid: process.pid, started: `${ownIdentity().started}0` }
    expect(isAlive(other)).toBe(false)
    expect(signalProcess(other, 'SIGKILL')).toBe(false)
  })
})

describe.runIf(process.platform === 'linux')('processes of a session (Linux only: elsewhere there is no way to ask)', () => {
  test('are found by the home that they were given, and no others', async () => {
    const leader = spawn('sh', ['-c', 'sleep 60 & wait'], { detached: true, env: { ...process.env, PERDURE_HOME: '/some/home' } })
    const session = leader.pid ?? 0
    const ended = once(leader, 'exit')
    await expect.poll(() => processesOfSession(session, '/some/home').length).toBe(2)
    expect(processesOfSession(session, '/other/home')).toEqual([])
    for (const found of processesOfSession(session, '/some/home')) signalProcess(found, 'SIGKILL')
    await ended
  })
})
