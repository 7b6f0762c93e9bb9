import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openOutbox } from '../../src/cli/chat/outbox.ts'

const message = (eventId: string, at: string) => ({ eventId, kind: 'user-message' as const, text: `text of ${eventId}`, at })

describe('what a chat is sending is kept until it has arrived', () => {
  test('another process finds it, oldest first; what arrived is gone [mailbox:durable]', () => {
    const home = mkdtempSync(join(tmpdir(), 'perdure-outbox-'))
    const outbox = openOutbox(home, 'sam')
    outbox.put(message('b', '2026-01-02'))
    outbox.put(message('a/../x', '2026-01-01'))
    outbox.put(message('c', '2026-01-03'))
    outbox.remove('b')
    expect(openOutbox(home, 'sam').waiting().map(({ eventId }) => eventId)).toEqual(['a/../x', 'c'])
    expect(openOutbox(home, 'kim').waiting()).toEqual([])
    outbox.clear()
    expect(outbox.waiting()).toEqual([])
  })

  test('a damaged file is no message', () => {
    const home = mkdtempSync(join(tmpdir(), 'perdure-outbox-'))
    const outbox = openOutbox(home, 'sam')
    outbox.put(message('a', '2026-01-01'))
    writeFileSync(join(home, 'outbox', 'sam', 'b.json'), '{"eventId":')
    expect(outbox.waiting()).toEqual([message('a', '2026-01-01')])
  })
})
