import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { changesBetween } from '../../src/definition/changes-between.ts'
import { changesOf } from '../../src/cli/input/assignments.ts'
import { editedText, readFields } from '../../src/cli/input/edited-text.ts'
import { changeLines } from '../../src/cli/output/definition-lines.ts'
import { invalidArgument } from '../../src/protocol/errors.ts'

describe('what is written after `perdure set AGENT`', () => {
  test('becomes changes: short names, lists, JSON, paths of blocks, and what is taken away [definition:living]', () => {
    expect(changesOf(['model=gpt-5=x', 'window=64000', 'tags=a, b,', 'tools=', 'name=7', 'description=none', 'instructionsEditable=true'])).toEqual({
      model: 'gpt-5=x', contextWindow: 64_000, tags: ['a', 'b'], tools: [], name: '7', description: null, instructionsEditable: true,
    })
    expect(changesOf(['blocks.human.limit=4000', 'blocks.human.description=12', 'blocks.v1.2.limit=9', 'blocks.old=none', 'blocks.new={"value":"x"}', 'budget.steps=9', 'metadata={"a":[1]}'])).toEqual({
      blocks: { human: { limit: 4_000, description: '12' }, 'v1.2': { limit: 9 }, old: null, new: { value: 'x' } },
      budget: { steps: 9 },
      metadata: { a: [1] },
    })
  })

  test.each(['model', '=x', ''])('%j is refused by name [definition:living]', (written) => {
    expect(() => changesOf([written])).toThrow(/is no change; write FIELD=VALUE/)
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
  const file = (): string => join(folder, 'edits', 'ada.yaml')

  test('is opened again with what was wrong above the text, and nothing of it is lost [definition:living]', async () => {
    edits(`if grep -q 'model: typo' "$1"; then sed -i 's/typo/right/' "$1"; else sed -i 's/model: m/model: typo/' "$1"; fi`)
    const use = async (text: string) => {
      const { model } = readFields(text)
      if (model === 'typo') throw invalidArgument('there is no such model')
      return model
    }
    expect(await editedText({ file: file(), text: 'model: m\n', heading: 'ada, version 1', use })).toBe('right')
    expect(shown()).toEqual(['# ada, version 1\nmodel: m\n', '# Not done (invalid-argument): there is no such model\nmodel: typo\n'])
    expect(readdirSync(join(folder, 'edits'))).toEqual([])
  })

  test('that is left with a text that can not be used leaves it in its file, and says where [definition:living]', async () => {
    edits(`sed -i 's/model: m/model: typo/' "$1"`)
    const use = () => Promise.reject(invalidArgument('there is no such model'))
    await expect(editedText({ file: file(), text: 'model: m\n', heading: 'ada', use })).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(`The text is in ${file()}`) as string })
    expect(readFileSync(file(), 'utf8')).toContain('model: typo')
  })

  test('that fails is named [definition:living]', async () => {
    edits('exit 3')
    await expect(editedText({ file: file(), text: 'model: m\n', heading: 'ada', use: () => Promise.resolve('used') })).rejects.toMatchObject({ message: expect.stringMatching(/editor .* has failed \(status 3\)/) as string })
  })
})
