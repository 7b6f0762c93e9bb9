import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changesBetween } from '../../src/definition/changes-between.ts'
import { changeAgent } from '../../src/cli/change-agent.ts'
import { calledAsWritten, changesOf } from '../../src/cli/input/assignments.ts'
import { editedText, readFields } from '../../src/cli/input/edited-text.ts'
import { wordsIn } from '../../src/cli/input/words.ts'
import { changeLines } from '../../src/cli/output/definition-lines.ts'
import { editOutside } from '../../src/cli/editor/edit-outside.ts'
import type { PerdureClient } from '../../src/index.ts'
import { invalidArgument, messageOf } from '../../src/protocol/errors.ts'

describe('what is written after `perdure set AGENT`', () => {
  test('becomes changes: short names, lists, JSON, paths of blocks, and what is taken away [definition:living]', () => {
    expect(changesOf(['model=gpt-5=x', 'window=64000', 'tags=a, b,', 'tools=', 'name=7', 'description=none', 'instructionsEditable=true'])).toEqual({
      model: 'gpt-5=x', contextWindow: 64_000, tags: ['a', 'b'], tools: [], name: '7', description: null, instructionsEditable: true,
    })
    expect(changesOf(['blocks.human.limit=4000', 'blocks.human.description=12', 'blocks.v1.2.limit=9', 'blocks.old=none', 'blocks.new={"value":"x"}', 'blocks.label={"limit":3}', 'blocks.a.b.label=7', 'budget.steps=9', 'metadata={"a":[1]}'])).toEqual({
      blocks: { human: { limit: 4_000, description: '12' }, 'v1.2': { limit: 9 }, old: null, new: { value: 'x' }, label: { limit: 3 }, 'a.b': { label: '7' } },
      budget: { steps: 9 },
      metadata: { a: [1] },
    })
  })

  test.each([
    ['model=slow window=20000  tags=a,b description=\'nora the tester\'', ['model=slow', 'window=20000', 'tags=a,b', 'description=nora the tester']],
    ['description="say \\"hi\\" to C:\\\\" instructions=it\'s', ['description=say "hi" to C:\\', 'instructions=it\'s']],
    ['metadata={"a b": ["} c", {}]} \'name=two words\'', ['metadata={"a b": ["} c", {}]}', 'name=two words']],
    [' blocks.old=none\ntools= ', ['blocks.old=none', 'tools=']],
  ])('behind /set in the chat is read as a shell would give it: %s [definition:living]', (line, words) => {
    expect(wordsIn(line)).toEqual(words)
  })

  test.each([['description=\'two words', 'a quote is not closed'], ['name="a"b c', 'a quote is not closed'], ['metadata={"a": 1', 'a bracket is not closed']])('%s is refused, as it has no end [definition:living]', (line, why) => {
    expect(() => wordsIn(line)).toThrow(why)
  })

  test('has errors that call fields as they are written there [definition:living]', async () => {
    await expect(calledAsWritten(() => Promise.reject(invalidArgument('contextWindow is no number')))).rejects.toMatchObject({ code: 'invalid-argument', message: 'window is no number' })
    await expect(calledAsWritten(() => Promise.reject(new TypeError('contextWindow')))).rejects.toThrow('contextWindow')
  })

  test('may have no model whose name has blanks in it [definition:living]', async () => {
    const client = { definitions: () => expect.fail(), update: () => expect.fail() } as unknown as PerdureClient
    await expect(changeAgent(client, 'ada', { model: 'slow window=20000' }, { author: 'me' })).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('is no model\'s name') as string })
  })

  test.each(['model', '=x', ''])('%j is refused by name [definition:living]', (written) => {
    expect(() => changesOf([written])).toThrow(/is no change; write FIELD=VALUE/)
  })

  test.each(['metadata.owner=bob', 'metadata.crm.id=7', 'metadata.owner=none'])('%s is refused, as it would take away all other metadata [definition:living]', (written) => {
    expect(() => changesOf(['model=gpt-5', written])).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('metadata, which changes as a whole') as string }) as Error)
  })

  test.each(['blocks.__proto__.limit=4000', 'budget.__proto__=1', '__proto__.limit=4000', '__proto__={}'])('%s is refused, and changes no other object [definition:living]', (written) => {
    expect(() => changesOf([written])).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('is no field or label') as string }) as Error)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

describe('an edited definition', () => {
  test('is compared field by field: what is left out is taken away, lists and metadata change as a whole [definition:living]', () => {
    const before = { model: 'm', tags: ['a'], metadata: { a: 1, b: 2 }, budget: { steps: 5, dollars: 1 }, blocks: { human: { limit: 1, description: '' }, old: { limit: 2 } } }
    const after = { model: 'm', tags: ['a', 'b'], metadata: { a: 1 }, budget: { steps: 5 }, blocks: { human: { limit: 9, description: '' }, new: { limit: 3 } } }
    expect(changesBetween(before, after)).toEqual({ tags: ['a', 'b'], metadata: { a: 1 }, budget: { dollars: null }, blocks: { human: { limit: 9 }, old: null, new: { limit: 3 } } })
    expect(changesBetween(before, before)).toEqual({})
    expect(changesBetween(before, { ...after, metadata: undefined })).toMatchObject({ metadata: null })
  })

  test('has its blocks by their ids: under another label one is renamed, without its id it is a new one [definition:living core:blocks]', () => {
    const [human, notes] = [{ limit: 1, blockId: 'ada/human' }, { limit: 2, blockId: 'ada/notes' }]
    const between = (blocks: object) => changesBetween({ blocks: { human, notes } }, { blocks })['blocks']
    expect(between({ person: { ...human, limit: 9 }, notes })).toEqual({ human: { limit: 9, label: 'person' } })
    expect(between({ human: notes, notes: human })).toEqual({ human: { label: 'notes' }, notes: { label: 'human' } })
    expect(between({ notes: human })).toEqual({ human: { label: 'notes' }, notes: null })
    expect(between({ person: { limit: 1 }, notes })).toEqual({ human: null, person: { limit: 1 } })
    expect(between({ human: { limit: 1 }, notes: { limit: 3 } })).toEqual({ notes: { limit: 3 } })
    expect(between({ human: { ...human, label: 'person' }, notes })).toEqual({ human: { label: 'person' } })
    expect(between({ human, person: human, notes })).toEqual({ person: human })
    expect(() => between({ person: human, human: { limit: 3 }, notes })).toThrow(/blocks\.human was renamed to person, and a new block has its label: first rename the one/)
  })

  test('may be YAML or JSON, and nothing else [definition:living]', () => {
    expect(readFields('# a comment\nmodel: m\ninstructions: |\n  two\n  lines\n')).toEqual({ model: 'm', instructions: 'two\nlines\n' })
    expect(readFields('{"model": "m"}')).toEqual({ model: 'm' })
    expect(() => readFields('a: [')).toThrow(/this is no YAML/)
    expect(() => readFields('just words')).toThrow(/this has no fields/)
  })

  test('says what has become another, on one line each [definition:living]', () => {
    const lines = changeLines('ada', { version: 3, resumed: true }, [{ field: 'model', before: 'a', after: 'b' }, { field: 'blocks.human.limit', before: 1, after: undefined }])
    expect(lines).toEqual(['model               a → b', 'blocks.human.limit  1 → nothing', 'ada is at version 3, from its next step on; it was parked, and tries again.'])
    expect(changeLines('ada', { version: 3, resumed: false }, [])).toEqual(['ada is so already: version 3.'])
  })
})

describe('an editor', () => {
  let folder: string
  let editor: string | undefined
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'perdure-edit-'))
    editor = process.env['VISUAL']
  })
  afterEach(() => {
    if (editor === undefined) delete process.env['VISUAL']
    else process.env['VISUAL'] = editor
    rmSync(folder, { recursive: true })
  })
  /** An editor that keeps what it was shown, and does this to the file. */
  const edits = (script: string): void => {
    const file = join(folder, 'editor')
    writeFileSync(file, `#!/bin/sh\ncp "$1" "${folder}/shown-$(ls "${folder}" | grep -c shown)"\n${script}\n`)
    chmodSync(file, 0o700)
    process.env['VISUAL'] = file
  }
  const shown = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('shown')).toSorted().map((name) => readFileSync(join(folder, name), 'utf8'))
  const place = () => ({ folder: join(folder, 'edits'), name: 'ada' })

  test('is opened again with what was wrong above the text, and nothing of it is lost [definition:living]', async () => {
    edits(`if grep -q 'model: typo' "$1"; then sed -i 's/typo/right/' "$1"; else sed -i 's/model: m/model: typo/' "$1"; fi`)
    const use = async (text: string) => {
      const { model } = readFields(text)
      if (model === 'typo') throw invalidArgument('there is no such model')
      return model
    }
    expect(await editedText({ ...place(), text: 'model: m\n', heading: 'ada, version 1', use })).toBe('right')
    expect(shown()).toEqual(['# ada, version 1\nmodel: m\n', '# Not done (invalid-argument): there is no such model\nmodel: typo\n'])
    expect(readdirSync(join(folder, 'edits'))).toEqual([])
  })

  test('that is left with a text that can not be used leaves it in its file, and says where [definition:living]', async () => {
    edits(`sed -i 's/model: m/model: typo/' "$1"`)
    const use = () => Promise.reject(invalidArgument('there is no such model'))
    const left = async (): Promise<string> => {
      const error: unknown = await editedText({ ...place(), text: 'model: m\n', heading: 'ada', use }).catch((failed: unknown) => failed)
      expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining('there is no such model') as string })
      return /The text is in (\S+)$/.exec(messageOf(error))?.[1] ?? ''
    }
    const [first, second] = [await left(), await left()]
    expect(first).not.toBe(second)
    for (const file of [first, second]) expect(readFileSync(file, 'utf8')).toContain('model: typo')
  })

  test('that fails is named [definition:living]', async () => {
    edits('exit 3')
    await expect(editedText({ ...place(), text: 'model: m\n', heading: 'ada', use: () => Promise.resolve('used') })).rejects.toMatchObject({ message: expect.stringMatching(/editor .* has failed \(status 3\)/) as string })
  })

  test('that fails with something written leaves it in a file, and names that one [cli:chat]', async () => {
    edits('echo more >> "$1"; exit 3')
    const said = await editOutside('a text', process.env).catch(messageOf)
    const [, left = ''] = /what you wrote is in (\S+)$/.exec(said) ?? []
    expect(readFileSync(left, 'utf8')).toBe('a text\nmore\n')
    rmSync(dirname(left), { recursive: true })
  })

  test('is the one that EDITOR names where VISUAL is blank [definition:living]', async () => {
    edits('echo more >> "$1"')
    expect(await editOutside('a text', { ...process.env, VISUAL: ' ', EDITOR: process.env['VISUAL'] })).toBe('a text\nmore')
  })

  test('holds up nothing else while it is open, and keeps a Ctrl-C for itself [cli:chat]', async () => {
    const interrupted: string[] = []
    const onInterrupt = (): void => void interrupted.push('here')
    process.on('SIGINT', onInterrupt)
    try {
      edits(`kill -INT ${process.pid}; while ! [ -e "${folder}/go-on" ]; do sleep 0.05; done; echo more >> "$1"`)
      const edited = editOutside('a text', process.env)
      // This process goes on: it is what lets the editor end.
      writeFileSync(join(folder, 'go-on'), '')
      expect(await edited).toBe('a text\nmore')
      expect(interrupted).toEqual([])
      expect(process.listeners('SIGINT')).toContain(onInterrupt)
    } finally {
      process.off('SIGINT', onInterrupt)
    }
  })
})
