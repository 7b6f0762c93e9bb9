import { describe, expect, test } from 'vitest'
import { bar, percent } from '../../src/cli/output/bar.ts'
import { blockVersionText } from '../../src/cli/output/block-lines.ts'
import { columns } from '../../src/cli/output/columns.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import { blockText, windowLines } from '../../src/cli/slash/memory.ts'
import type { AgentView } from '../../src/protocol/handlers.ts'
import { initialState } from '../../src/protocol/state.ts'

const block = { label: 'human', blockId: 'sam/human', description: 'The user.', limit: 100, readOnly: false, value: 'Name: Ada\nLikes tea', version: 3 }
const view: AgentView = {
  agentId: 'sam',
  model: 'm',
  contextWindow: 4_000,
  status: 'idle',
  mailbox: [],
  commands: [],
  sections: { instructions: 400, tools: 800, coreMemory: 100, statistics: 20 },
  summaryTokens: 300,
  queueTokens: 1_000,
  pressure: { tokens: 2_882, warning: 2_800, flush: 3_600 },
  queueLength: 12,
  evicted: 40,
  calibration: 1.1,
  blockVersions: {},
  counters: initialState('sam', { model: 'm', contextWindow: 4_000, pressure: { warning: 0.7, flush: 0.9, evict: 0.5 }, budget: { steps: 1, tokens: 1, malformedSteps: 1, identicalSteps: 2 } }).counters,
}

describe('memory as it is shown', () => {
  test('a bar is empty only for nothing and full only for everything', () => {
    expect(bar(0, 100, 10)).toBe('[----------]')
    expect(bar(1, 100, 10)).toBe('[#---------]')
    expect(bar(99, 100, 10)).toBe('[#########-]')
    expect(bar(120, 100, 10)).toBe('[##########]')
    expect(bar(5, 0, 10)).toBe('[----------]')
    expect(percent(1, 8)).toBe('13 %')
  })

  test('a block shows use, limit, version and value [cli:chat]', () => {
    expect(blockText(block, noColours).split('\n')).toEqual([
      '  human  [####----------------] 19 of 100 characters, version 3',
      '    The user.',
      '    Name: Ada',
      '    Likes tea',
    ])
    expect(blockText({ ...block, readOnly: true, value: '', version: 0, description: '' }, noColours)).toBe(
      '  human  [--------------------] 0 of 100 characters, not written yet, read-only\n    (empty)',
    )
    expect(blockText({ ...block, version: 0 }, noColours)).toContain('19 of 100 characters, as it began')
  })

  test('the version that a block began with is nobody\'s; others say who wrote them, and when [core:history]', () => {
    const version = { author: 'root', turn: 0, at: '2026-01-01T10:00:00.000Z', value: '' }
    expect(blockVersionText({ ...version, version: 1 }, noColours)).toBe('version 1  as it began, 0 characters\n    (empty)')
    expect(blockVersionText({ ...version, version: 2, turn: 3, value: 'Hi' }, noColours)).toMatch(/^version 2 {2}by root, turn 3, \S+ \S+, 2 characters\n {4}Hi$/)
  })

  test('the window is shown by section, with the thresholds and the calibration [cli:chat]', () => {
    const text = windowLines(view).join('\n')
    for (const part of ['instructions', 'tools', 'core memory', 'statistics', 'summary', 'message queue', 'prompt']) expect(text).toContain(part)
    expect(text).toContain('2,882  72 %')
    expect(text).toContain('warned above 2,800, flushed above 3,600 of 4,000 tokens')
    expect(text).toContain('×1.10')
  })

  test('columns are aligned', () => {
    expect(columns([['a', 'bbb', 'c'], ['aaaa', 'b', '']])).toEqual(['a     bbb  c', 'aaaa  b'])
  })
})
