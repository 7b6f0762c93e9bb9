import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pdfOf } from '../documents/made-files.ts'
import { runPerdure } from './run-perdure.ts'

const home = mkdtempSync(join(tmpdir(), 'perdure-load-'))
const files = mkdtempSync(join(tmpdir(), 'perdure-files-'))
const path = (...names: readonly string[]): string => join(files, ...names)

beforeAll(async () => {
  await runPerdure(home, ['stack', 'up'])
  await runPerdure(home, ['chat', '--agent', 'ada'], { input: '/state\n' })
  const pdf = await pdfOf(2, (page) => `The gauge of page ${page} reads ${page * 7}.`)
  writeFileSync(path('good.pdf'), pdf)
  writeFileSync(path('broken.pdf'), pdf.slice(0, 200))
  writeFileSync(path('locked.pdf'), await pdfOf(1, () => 'Secret.', { password: 'pass' }))
  writeFileSync(path('notes.md'), '# Notes\n\nThe code is 4711.\n')
  writeFileSync(path('empty.txt'), '')
  writeFileSync(path('blank.txt'), ' \n\n')
  writeFileSync(path('program.dat'), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]))
  writeFileSync(path('huge.txt'), '')
  truncateSync(path('huge.txt'), 10 * 1024 ** 3)
  mkdirSync(path('pictures'))
  writeFileSync(path('pictures', 'a.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47]))
  mkdirSync(path('repo', 'build'), { recursive: true })
  mkdirSync(path('repo', 'node_modules'))
  writeFileSync(path('repo', '.gitignore'), 'build/\n*.secret\n')
  for (const name of ['main.ts', 'build/out.ts', 'node_modules/x.js', 'keys.secret']) writeFileSync(path('repo', name), `export const name = '${name}'\n`)
  symlinkSync(path('repo'), path('repo', 'loop'))
  mkdirSync(path('mixed', 'inner'), { recursive: true })
  mkdirSync(path('mixed2'))
  writeFileSync(path('mixed', '__init__.py'), '')
  writeFileSync(path('mixed', 'shape.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>')
  writeFileSync(path('mixed', 'inner', 'blank.md'), ' \n')
  writeFileSync(path('mixed', 'inner', 'words.md'), '# Words\n\nThe gate is green.\n')
  writeFileSync(path('mixed2', 'words.md'), '# Words\n\nThe gate is blue.\n')
}, 120_000)

afterAll(async () => {
  await runPerdure(home, ['stack', 'down', '--now'])
  for (const folder of [home, files]) rmSync(folder, { recursive: true, force: true })
}, 60_000)

/** What `load` says that it can't, on standard error, and what it did, on standard output. */
interface Case {
  readonly what: string
  readonly args: readonly string[]
  readonly status: number
  readonly errors?: RegExp
  readonly output?: RegExp
}

const load = (...names: readonly string[]): readonly string[] => ['load', 'ada', ...names.map((name) => path(name))]

const cases: readonly Case[] = [
  { what: 'an agent that is not there, before any file is looked at', args: ['load', 'nobody', path('nowhere')], status: 3, errors: /nobody.*\[agent-unknown\]/ },
  { what: 'a path that is not there', args: load('nowhere', 'notes.md'), status: 2, errors: /nowhere can't be read \(ENOENT.*\[file-unreadable\]/ },
  { what: 'a folder without a file to load', args: load('pictures'), status: 2, errors: /pictures holds no file that can be loaded.*\[file-unreadable\]/ },
  { what: 'no path', args: ['load', 'ada'], status: 2, errors: /missing required argument 'paths'/ },
  { what: 'a damaged PDF among good files', args: load('broken.pdf', 'good.pdf', 'notes.md'), status: 1, errors: /broken\.pdf: document-broken: .*damaged/, output: /^2 documents loaded \(\d+ passages, \d+ s\), 1 failed$/ },
  { what: 'the same again', args: load('good.pdf', 'notes.md'), status: 0, output: /^0 documents loaded \(0 passages, \d+ s\), 2 unchanged$/ },
  { what: 'an encrypted PDF', args: load('locked.pdf'), status: 1, errors: /locked\.pdf: document-encrypted: .*without a password/, output: /^0 documents loaded .*1 failed$/ },
  { what: 'ten gigabytes, refused by size', args: load('huge.txt'), status: 1, errors: /huge\.txt: document-too-large: .*10737418240 bytes, the limit is \d+/, output: /^0 documents loaded \(0 passages, \d+ s\), 1 failed$/ },
  { what: 'an empty file', args: load('empty.txt'), status: 1, errors: /empty\.txt: document-empty: .*empty\.txt is empty/ },
  { what: 'a file of blanks', args: load('blank.txt'), status: 1, errors: /blank\.txt: document-empty: .*blank\.txt holds no text/ },
  { what: 'a program', args: load('program.dat'), status: 1, errors: /program\.dat: document-binary: .*program\.dat is a program/ },
  { what: 'a folder that leads back into itself, with files to leave out', args: load('repo'), status: 0, output: /^2 documents loaded/ },
  { what: 'a folder with files that hold no text: they are named, and no failure', args: load('mixed', 'mixed2'), status: 0, errors: /mixed\/__init__\.py: without text, nothing to load\n.*inner\/blank\.md: without text, nothing to load\n.*shape\.svg: without text, nothing to load\n/, output: /^2 documents loaded \(2 passages, \d+ s\), 3 without text$/ },
  { what: 'such a file beside its folder, so that it is named itself', args: load('mixed', 'mixed/shape.svg'), status: 1, errors: /shape\.svg: document-empty: .*holds no text/, output: /^0 documents loaded .*1 unchanged, 2 without text, 1 failed$/ },
  { what: 'unload of a name that is not there', args: ['unload', 'ada', 'nowhere.txt', path('notes.md')], status: 3, errors: /nowhere\.txt is no document of ada/, output: /^1 document removed$/ },
  { what: 'unload of an agent that is not there', args: ['unload', 'nobody', 'notes.md'], status: 3, errors: /nobody.*\[agent-unknown\]/ },
  { what: 'documents of an agent that is not there', args: ['documents', 'nobody'], status: 3, errors: /nobody.*\[agent-unknown\]/ },
]

describe('load is given', () => {
  test.each(cases)('$what [documents:load]', async ({ args, status, errors, output }) => {
    const ran = await runPerdure(home, args)
    if (errors !== undefined) expect(ran.errors).toMatch(errors)
    if (output !== undefined) expect(ran.output.join('\n')).toMatch(output)
    expect(ran.status).toBe(status)
    expect(ran.errors).not.toMatch(/^\s+at /m)
  }, 60_000)

  test('a file of a folder that was loaded and is empty now: it fails, as what it held is still found [documents:load]', async () => {
    writeFileSync(path('mixed', 'inner', 'words.md'), '')
    const ran = await runPerdure(home, load('mixed'))
    expect([ran.status, ran.errors]).toEqual([1, expect.stringMatching(/words\.md: document-empty: .* is empty; what was loaded under this name before stays\n/)])
    expect((await runPerdure(home, ['documents', 'ada'])).output).toContain(`${path('mixed/inner/words.md')}  markdown, 1 passage`)
  }, 60_000)

  test('unload of a folder: all that was loaded from it goes, by name, and nothing of another that begins like it [documents:load]', async () => {
    const ran = await runPerdure(home, ['unload', 'ada', path('mixed')])
    expect(ran.output).toEqual([`${path('mixed')} is a folder of 3 documents: ${['inner/blank.md', 'inner/words.md', 'shape.svg'].map((name) => path('mixed', name)).join(', ')}`, '3 documents removed'])
    expect(ran.status).toBe(0)
    const { output } = await runPerdure(home, ['documents', 'ada'])
    expect(output.filter((line) => line.includes('mixed'))).toEqual([`${path('mixed2/words.md')}  markdown, 1 passage`])
    expect((await runPerdure(home, ['unload', 'ada', path('mixed2/')])).output.at(-1)).toBe('1 document removed')
  }, 60_000)

  test('what has become of all of that is listed by name [documents:load]', async () => {
    copyFileSync(path('notes.md'), path('again.md'))
    await runPerdure(home, load('again.md'))
    const { output } = await runPerdure(home, ['documents', 'ada'])
    // They were given by their absolute paths, which are their names.
    expect(output.map((line) => line.replace(`${files}/`, ''))).toEqual([
      'again.md  markdown, 1 passage',
      'blank.txt  failed: document-empty',
      'broken.pdf  failed: document-broken',
      'good.pdf  pdf, 2 pages, 2 passages',
      'locked.pdf  failed: document-encrypted',
      'program.dat  failed: document-binary',
      'repo/.gitignore  text, 1 passage',
      'repo/main.ts  code, 1 passage',
    ])
  }, 60_000)
})
