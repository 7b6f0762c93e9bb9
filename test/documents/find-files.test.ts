import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findFiles, type LeftOut } from '../../src/documents/files/find-files.ts'
import { meantNames } from '../../src/documents/files/meant-names.ts'

let root = ''
const before = process.cwd()
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'perdure-find-')))
  process.chdir(root)
})
afterEach(() => {
  process.chdir(before)
  rmSync(root, { recursive: true, force: true })
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}
const namesOf = (...paths: readonly string[]): string[] => findFiles(paths).map(({ name }) => name)

describe('a document is known by its path', () => {
  test('as it was given; from elsewhere by its absolute path, so that one name in two folders is two documents [documents:load]', () => {
    write({ 'a/notes.md': 'one', 'b/notes.md': 'two', 'x/docs/guide.md': 'x', 'y/docs/guide.md': 'y' })
    expect(namesOf('a/notes.md', './b/notes.md', 'x/docs', 'y/docs/')).toEqual(['a/notes.md', 'b/notes.md', 'x/docs/guide.md', 'y/docs/guide.md'])
    expect(namesOf(join(root, 'a/notes.md'), join(root, 'b/notes.md'))).toEqual([`${root}/a/notes.md`, `${root}/b/notes.md`])
    process.chdir('a')
    expect(namesOf('.', '../b')).toEqual(['a/notes.md', `${root}/b/notes.md`])
  })

  test('in composed form, whatever signs are in it; given twice it is one [documents:load]', () => {
    write({ 'Cafe\u0301 menu #1 (50%).md': 'menu' })
    expect(namesOf('Cafe\u0301 menu #1 (50%).md', './Cafe\u0301 menu #1 (50%).md')).toEqual(['Café menu #1 (50%).md'])
  })
})

describe('whoever takes documents out means', () => {
  const known = new Set(['notes', 'notes/a.md', 'notes2/b.md', 'docs/one.md', 'docs/sub/two.md', 'docs2/three.md', 'Caf\u00e9/menu.md'])

  test('the document of a name, as it is listed or as its path is given [documents:load]', () => {
    for (const given of ['docs/one.md', './docs/one.md', 'docs/sub/../one.md']) expect(meantNames(given, known)).toEqual({ names: ['docs/one.md'] })
    expect(meantNames('../x.md', new Set([join(dirname(root), 'x.md')]))).toEqual({ names: [join(dirname(root), 'x.md')] })
  })

  test('all that lies in a folder, and nothing of another whose name begins like it [documents:load]', () => {
    for (const given of ['docs', 'docs/', './docs']) expect(meantNames(given, known)).toEqual({ names: ['docs/one.md', 'docs/sub/two.md'], folder: 'docs' })
    expect(meantNames('Cafe\u0301', known).names).toEqual(['Caf\u00e9/menu.md'])
    mkdirSync('docs2')
    process.chdir('docs2')
    expect(meantNames('.', known)).toEqual({ names: ['docs2/three.md'], folder: 'docs2' })
  })

  test('a document rather than a folder of its name, unless a stroke says so; nothing by an empty name [documents:load]', () => {
    expect(meantNames('notes', known)).toEqual({ names: ['notes'] })
    expect(meantNames('notes/', known)).toEqual({ names: ['notes/a.md'], folder: 'notes' })
    for (const given of ['', ' ', 'doc', 'one.md', 'docs/on']) expect(meantNames(given, new Set([...known, '/abs.md'])).names).toEqual([])
  })
})

describe('of a folder are left out', () => {
  test('what git leaves out, from within a folder of the repository too [documents:load]', () => {
    write({
      '.gitignore': '*.log\n!keep.log\nbuild/\n/top.txt\n*.TMP\nsub/**/deep.txt\n', 'sub/.gitignore': '!debug.log\nlocal.txt\n\\#odd.txt\n', '.git/info/exclude': 'private.txt\n',
      'sub/debug.log': '', 'sub/other.log': '', 'sub/keep.log': '', 'sub/build/x.txt': '', 'sub/top.txt': '', 'top.txt': '', 'sub/local.txt': '', 'sub/#odd.txt': '', 'sub/private.txt': '', 'sub/a.tmp': '', 'sub/a/b/deep.txt': '', 'sub/a/b/other.txt': '', 'build.txt': '',
    })
    rmSync(join(root, '.git'), { recursive: true })
    execFileSync('git', ['init', '-q'], { cwd: root })
    mkdirSync(join(root, '.git/info'), { recursive: true })
    writeFileSync(join(root, '.git/info/exclude'), 'private.txt\n')
    const byGit = (folder: string): string[] => execFileSync('git', ['ls-files', '-z', '--others', '--exclude-standard'], { cwd: join(root, folder) }).toString().split('\0').filter((name) => name !== '').toSorted()
    const here = (folder: string): string[] => findFiles([join(root, folder)]).map(({ name }) => name.slice(join(root, folder).length + 1)).toSorted()
    expect(here('sub')).toEqual(byGit('sub'))
    expect(findFiles([root]).map(({ path }) => path.slice(root.length + 1)).toSorted()).toEqual(byGit('.'))
  })

  test('links: what lies in it is loaded where it lies, what they lead to elsewhere is named [documents:load]', () => {
    write({ 'docs/a.md': 'a', 'docs/sub/b.md': 'b', 'secret.txt': 's' })
    symlinkSync(join(root, 'docs/a.md'), join(root, 'docs/c.md'))
    symlinkSync(join(root, 'docs'), join(root, 'docs/sub/loop'))
    symlinkSync(join(root, 'secret.txt'), join(root, 'docs/out.txt'))
    symlinkSync(join(root, 'nowhere'), join(root, 'docs/dead.txt'))
    const leftOut: LeftOut[] = []
    expect(findFiles(['docs'], (file) => leftOut.push(file)).map(({ name }) => name)).toEqual(['docs/a.md', 'docs/sub/b.md'])
    expect(leftOut.map(({ name, detail }) => [name, /out of the folder|nowhere/.test(detail)])).toEqual([['docs/dead.txt', true], ['docs/out.txt', true]])
  })
})
