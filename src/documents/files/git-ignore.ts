import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import createIgnore, { type Ignore } from 'ignore'

/** What one file says of the paths below its folder. */
interface Rules {
  readonly folder: string
  readonly rules: Ignore
}

/** From the weakest to the strongest: a later one that speaks of a path decides. */
export type IgnoreRules = readonly Rules[]

/** Folders that hold nothing of their owner's writing. */
const usual = ['node_modules/', '__pycache__/', '.venv/', '.DS_Store']
/** What version control keeps for itself, credentials at times: no pattern takes it back. */
const ofVersionControl = new Set(['.git', '.hg', '.svn'])
/** Git tells small and capital letters apart where the file system does. */
const ignorecase = process.platform === 'darwin' || process.platform === 'win32'

/**
 * The rules in force in a folder: those of the repository that it lies in, as git has them (its own excludes file, `.git/info/exclude`, the
 * `.gitignore` files from the repository's folder down), and a few folders that nobody means.
 */
export function rulesFor(folder: string): IgnoreRules {
  const top = repositoryOf(folder)
  if (top === undefined) return [rulesOf(folder, usual), ...rulesIn(folder)]
  const between: string[] = []
  for (let at = folder; ; at = dirname(at)) {
    between.unshift(at)
    if (at === top) break
  }
  return [rulesOf(top, usual), ...fileRules(top, userExcludes(top)), ...fileRules(top, repositoryExcludes(top)), ...between.flatMap(rulesIn)]
}

/** Those of the folder's own `.gitignore`. */
export const rulesIn = (folder: string): IgnoreRules => fileRules(folder, join(folder, '.gitignore'))

export function isIgnored(path: string, isFolder: boolean, rules: IgnoreRules): boolean {
  if (ofVersionControl.has(basename(path))) return true
  for (const { folder, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(relative(folder, path).split(sep).join('/') + (isFolder ? '/' : ''))
    if (ignored || unignored) return ignored
  }
  return false
}

const rulesOf = (folder: string, patterns: readonly string[] | string): Rules => ({ folder, rules: createIgnore({ ignorecase, allowRelativePaths: true }).add(patterns) })

function fileRules(folder: string, file: string): Rules[] {
  try {
    return statSync(file).isFile() ? [rulesOf(folder, readFileSync(file, 'utf8').replace(/^\ufeff/, ''))] : []
  } catch {
    return []
  }
}

/** Git says best where these are: settings may include others, and a worktree has its own folder. Without git they are in the usual places. */
const userExcludes = (top: string): string =>
  askGit(top, 'config', '--type=path', '--get', 'core.excludesFile') ?? join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'git', 'ignore')
const repositoryExcludes = (top: string): string => resolve(top, askGit(top, 'rev-parse', '--git-path', 'info/exclude') ?? join('.git', 'info', 'exclude'))

function askGit(folder: string, ...question: readonly string[]): string | undefined {
  try {
    return execFileSync('git', question, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).replace(/\n$/, '') || undefined
  } catch {
    return undefined
  }
}

function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return undefined
  }
}
