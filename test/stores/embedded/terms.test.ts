import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keyOf } from '../../../src/protocol/agent-key.ts'
import { openDatabase } from '../../../src/stores/embedded/database.ts'
import { termsOf } from '../../../src/stores/embedded/terms.ts'

test('each word of each agent is one token of the index, which no other agent has, of whatever tenant and generation [http:tenants, agent:generations, recall:search]', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-terms-'))
  const database = await openDatabase(join(folder, 'memory.db'))
  try {
    const lines = ['ada', '2', 'a-da', 'a_da', '.acme.ada', '.ada.acme', '.acme.2', '.ac-me.a_da', '.ada.2']
    const agents = lines.flatMap((line) => [1, 2, 12].map((generation) => keyOf(line, generation)))
    const text = 'café 東京 Straße e-mail 1,000 🎈'
    const terms = agents.map((agentId) => termsOf(agentId, text).split(' '))
    for (const [index, all] of [['message_words', terms], ['passage_words', agents.map((agentId) => termsOf(agentId, text).split(' '))]] as const) {
      database.run(`CREATE VIRTUAL TABLE temp.${index}_tokens USING fts5vocab('main', '${index}', 'row')`)
      for (const [row, own] of all.entries()) database.run(`INSERT INTO ${index} (rowid, words) VALUES (?, ?)`, row + 1, own.join(' '))
      const tokens = database.rows(`SELECT term, doc FROM temp.${index}_tokens`)
      expect(new Set(tokens.map(({ term }) => term))).toEqual(new Set(all.flat()))
      expect(tokens.every(({ doc }) => doc === 1)).toBe(true)
    }
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
})
