import { join } from 'node:path'
import { expect, test } from 'vitest'
import { random } from '../../../eval/harness/random.ts'
import { openDatabase } from '../../../src/stores/embedded/database.ts'
import { recordOf, segmentsOf } from '../../../src/stores/embedded/word-index.ts'
import { listsOf } from '../../../src/stores/embedded/word-lists.ts'
import { ownDatabase } from './own-database.ts'

const own = ownDatabase()
const chance = random(11)
let last = 0

/** In one transaction, which is one segment of the index. Some ids lie far apart, some texts are longer than a page, and one word is in all. */
function insert(count: number): void {
  own().database.transaction(() => {
    for (let time = 0; time < count; time += 1) {
      last += chance.below(50) === 0 ? 1 + chance.below(100_000) : 1
      const words = ['all', ...Array.from({ length: 8 }, () => `w${Math.floor(3_000 ** chance.next())}`), ...(chance.below(300) === 0 ? new Array<string>(6_000).fill('long') : [])]
      own().database.run('INSERT INTO message_words (rowid, words) VALUES (?, ?)', last, words.map((word) => `ada:${word}`).join(' '))
    }
  })
}

const terms = ['all', 'w1', 'w2', 'w30', 'w299', 'w2999', 'long', 'w', 'none', 'zz'].map((word) => `"ada:${word}"`)
const asFound = (term: string): readonly unknown[] => own().database.rows('SELECT rowid AS id FROM message_words WHERE message_words MATCH ? ORDER BY rowid', term).map(({ id }) => id)
const asRead = (): readonly unknown[] | undefined => listsOf(own().database, terms)?.map((list) => [...list].toSorted((one, other) => one - other))

test('reads of each term the ids that a statement finds, of one segment of the index and of several, and while they are merged [scale:search]', () => {
  for (const count of [1, 40, 3_000, 3_000, 10, 1, 5_000, 7]) {
    insert(count)
    expect(asRead()).toEqual(terms.map(asFound))
  }
  for (let time = 0; time < 30; time += 1) {
    own().database.run(`INSERT INTO message_words (message_words, rank) VALUES ('merge', ?)`, time === 0 ? -3 : 3)
    expect(asRead()).toEqual(terms.map(asFound))
  }
})

test('reads no list twice of a part of the index that is merged away, as where one agent is imported after the other [scale:search]', async () => {
  const imported = await openDatabase(join(own().folder, 'imported.db'))
  const commonest = ['ada', 'zoe'].flatMap((agent) => ['w1', 'w5', 'w9', 'w95'].map((word) => `"${agent}:${word}"`))
  const chances = random(7)
  let [id, emptied] = [0, 0]
  for (const agent of ['ada', 'zoe']) {
    for (let time = 0; time < (agent === 'ada' ? 120 : 20); time += 1) {
      imported.transaction(() => {
        for (let text = 0; text < 50; text += 1) {
          id += 1
          imported.run('INSERT INTO message_words (rowid, words) VALUES (?, ?)', id, Array.from({ length: 100 }, () => `${agent}:w${Math.floor(20_000 ** chances.next())}`).join(' '))
        }
      })
      if (segmentsOf(recordOf(imported, 'message_words'))?.some((segment) => segment.last === 0) !== true) continue
      emptied += 1
      const lists = listsOf(imported, commonest)
      expect(lists?.map((list) => new Set(list).size)).toEqual(lists?.map((list) => list.length))
      expect(lists).toBeDefined()
    }
  }
  expect(emptied).toBeGreaterThan(0)
  imported.close()
})

test('finds an agent whose name has large letters as the tokenizer does [scale:search]', () => {
  expect(listsOf(own().database, ['"ADA:w30"'])?.[0]?.length).toBe(asFound('"ada:w30"').length)
})

test('leaves it to statements where rows are marked as deleted, and where a term is of several tokens', () => {
  expect(listsOf(own().database, ['"ada:w1 w2"'])).toBeUndefined()
  own().database.run('DELETE FROM message_words WHERE rowid = ?', last)
  expect(asRead()).toBeUndefined()
  own().database.run(`INSERT INTO message_words (message_words) VALUES ('optimize')`)
  expect(asRead()).toEqual(terms.map(asFound))
})
