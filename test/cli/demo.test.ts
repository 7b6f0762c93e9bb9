import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runPerdure } from './run-perdure.ts'

test(
  '`start` without a terminal and without input plays the demonstration, and its account comes out [cli:chat]',
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'perdure-demo-'))
    // A key would be for a real endpoint; the demonstration never uses it.
    const { status, output, errors } = await runPerdure(home, ['start'], { env: { OPENAI_API_KEY: 'unused' } })
    const text = output.join('\n')
    expect(text).toContain('the model is simulated')
    expect(text).toContain('→ core_memory_append(label: "human", content: "Name: Ada')
    expect(text).toContain('→ core_memory_replace(label: "human"')
    expect(text).toContain('→ archival_memory_insert(')
    expect(text).toContain('→ archival_memory_search(')
    expect(text).toContain('→ conversation_search(')
    expect(text).toContain('! memory-pressure: ')
    expect(text).toMatch(/^ {2}[1-9]\d* compactions?: \d+ messages left the context/m)
    expect(text).toMatch(/kill -9 \d+: the turn has no end yet/)
    expect(text).toMatch(/answered [\d.]+ s later by a new worker/)
    expect(text.match(/✓/g)).toHaveLength(3)
    expect(text).not.toContain('✗')
    expect(errors).not.toContain('perdure:')
    expect(status).toBe(0)
  },
  180_000,
)
