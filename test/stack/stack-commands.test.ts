import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { addStackCommands } from '../../src/cli/commands/stack.ts'
import { duration, statusLines } from '../../src/cli/output/stack-lines.ts'
import type { StackStatus } from '../../src/stack/stack-status.ts'

const now = new Date('2026-01-01T01:00:05Z')
const place = { home: '/home/ann/.perdure', logs: '/home/ann/.perdure/logs', now }

describe('stack status', () => {
  test('shows addresses, processes, uptime, and where state lies', () => {
    const status: StackStatus = {
      running: true,
      mode: 'kept',
      users: 1,
      state: {
        format: 1,
        supervisor: { pid: 10, started: 'a' },
        since: '2026-01-01T00:00:00Z',
        phase: 'ready',
        settings: {},
        temporal: { address: '127.0.0.1:7233', namespace: 'default', uiUrl: 'http://127.0.0.1:8233' },
        modelUrl: 'http://127.0.0.1:9/v1',
        httpUrl: 'http://127.0.0.1:8283',
        ports: {},
        children: [
          { name: 'temporal', process: { pid: 11, started: 'b' }, ready: true, restarts: 0 },
          { name: 'worker', process: { pid: 12, started: 'c' }, ready: false, restarts: 2 },
          { name: 'model', ready: false, restarts: 1 },
          { name: 'http', ready: false, restarts: 0, problem: '127.0.0.1:8283 is taken' },
        ],
      },
    }
    expect(statusLines(status, place)).toEqual([
      'Running, for 1 h 0 min; stays until `perdure stack down`; 1 user',
      '  Temporal    127.0.0.1:7233, namespace default',
      '  Web UI      http://127.0.0.1:8233',
      '  model       http://127.0.0.1:9/v1 (simulated)',
      '  page, HTTP  http://127.0.0.1:8283',
      '  supervisor  pid 10',
      '  temporal    pid 11, ready',
      '  worker      pid 12, starting, restarted 2 times',
      '  model       down, about to start again, restarted once',
      '  http        down, about to start again: 127.0.0.1:8283 is taken',
      '  state       /home/ann/.perdure',
      '  logs        /home/ann/.perdure/logs',
    ])
  })

  test('says what a killed supervisor left, and why the last start failed', () => {
    const lines = statusLines({ running: false, orphans: [11, 12], lastFailure: 'port 1 is taken' }, place)
    expect(lines).toEqual([
      'No stack runs on /home/ann/.perdure.',
      'A killed supervisor has left 2 processes (11, 12): the next start ends them, or `perdure stack down`.',
      'The last start failed:',
      '  port 1 is taken',
    ])
  })

  test.each([
    [0, '0 s'],
    [59_000, '59 s'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h 0 min'],
    [187_200_000, '2 d 4 h'],
  ])('writes %i ms as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text)
  })
})

test('the commands are up, down and status', () => {
  const program = new Command()
  addStackCommands(program)
  expect(program.commands.map((command) => [command.name(), command.commands.map((inner) => inner.name())])).toEqual([['stack', ['up', 'down', 'status']]])
})
