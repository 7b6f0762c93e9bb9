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
  { what: 'unload of a name that is not there', args: ['unload', 'ada', 'nowhere.txt', path('notes.md')], status: 3, errors: /1 of those names .* no documents? of ada/, output: /^1 document removed$/ },
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
