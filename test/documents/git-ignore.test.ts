import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { findFiles } from '../../src/documents/files/find-files.ts'

const names = [
  'a.txt', 'b.log', 'ab.txt', 'sub/a.txt', 'sub/b.log', 'sub/deep/a.txt', 'sub/deep/er/b.txt', 'build/a.txt', 'sub/build/b.txt', 'foo/bar/a.txt', 'foo/b.txt',
  '#a.txt', '!b.txt', 'a b.txt', 'a[1].txt', '.hidden/a.txt', '.a.txt', 'Ägypten.txt', 'sub/.b.log',
]
const pieces = ['*', '?', 'a', 'b', 'sub', 'deep', 'build', 'foo', 'bar', '.txt', '.log', '/', '/**/', '[ab]', '[!a]', '[^b]', '[a-c]', '[1]', '\\#', '\\!', '\\[', '\\a', ' ', '\\ ', '.', 'Äg', 'A', '[[:alpha:]]']
const pattern = fc
  .tuple(fc.constantFrom('', '', '', '!', '/', '!/', '#', '**/'), fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }), fc.constantFrom('', '', '', '/', '/*', '/**', ' ', '\r'))
  .map(([before, middle, after]) => `${before}${middle.join('')}${after}`)
// Two asterisks within a name are one, but for a quirk of git's after a fixed beginning.
const patterns = fc.array(pattern.filter((text) => !/[^/!]\*\*|\*\*[^/]/.test(text)), { maxLength: 4 })

let root = ''
let home = ''
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'perdure-ignore-')))
  home = mkdtempSync(join(tmpdir(), 'perdure-home-'))
  // Neither git nor Perdure is to know of what whoever runs the test leaves out.
  vi.stubEnv('HOME', home)
  vi.stubEnv('XDG_CONFIG_HOME', join(home, 'config'))
  for (const name of names) write(name, '')
  execFileSync('git', ['init', '-q'], { cwd: root })
})
afterAll(() => {
  vi.unstubAllEnvs()
  for (const folder of [root, home]) rmSync(folder, { recursive: true })
})

function write(name: string, text: string, folder = root): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

function byGit(folder = '.'): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--others', '--exclude-standard'], { cwd: join(root, folder) }).toString()
  return listed.split('\0').filter((name) => name !== '').toSorted()
}

function byUs(folder = '.'): string[] {
  try {
    return findFiles([join(root, folder)]).map(({ path }) => path.slice(join(root, folder).length + 1)).toSorted()
  } catch {
    return []
  }
}

describe('what git leaves out is left out', () => {
  test('by whatever patterns, in the repository and in a folder of it [documents:load]', () => {
    fc.assert(
      fc.property(patterns, patterns, (outer, inner) => {
        write('.gitignore', outer.join('\n'))
        write('sub/.gitignore', inner.join('\n'))
        expect(byUs()).toEqual(byGit())
      }),
      { numRuns: 60, examples: [[['sub/*', '!sub/a.txt'], []], [['*.log'], ['!b.log']], [['/a.txt', 'build'], ['/deep']], [['!*', '!.git/**'], []], [['build', 'foo'], ['!build']], [['build', 'b.*'], ['!build', '!deep']], [['deep'], ['!deep/']]] },
    )
  })

  test('by the user, wherever git is told to look, and by the repository, in a worktree too [documents:load]', () => {
    write('.gitignore', '')
    write('sub/.gitignore', '')
    write('.git/info/exclude', 'b.log\n')
    write('mine', 'a.txt\n', home)
    write('.gitconfig', '[core]\n\texcludesFile = ~/mine\n', home)
    expect(byUs()).toEqual(byGit())
    expect(byUs('sub')).toEqual(byGit('sub'))
    expect(byUs('sub')).not.toContain('a.txt')
    const git = (...args: readonly string[]): unknown => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: root, stdio: 'ignore' })
    git('commit', '-q', '--allow-empty', '-m', 'first')
    git('worktree', 'add', '-q', 'tree')
    for (const name of ['a.txt', 'b.log', 'c.txt']) write(`tree/${name}`, '')
    expect([byUs('tree'), byGit('tree')]).toEqual([['c.txt'], ['c.txt']])
  })
})
