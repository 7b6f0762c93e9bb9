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
  const ofTop = [rulesOf(top, usual), ...fileRules(top, userExcludes(top)), ...fileRules(top, repositoryExcludes(top)), ...rulesIn(top)]
  return between.slice(1).reduce<IgnoreRules>((rules, at) => (isIgnored(at, true, rules) ? [...rules, ...rulesIn(at)] : rulesBelow(at, rules)), ofTop)
}

/**
 * Those in force in a folder that is not left out: its own `.gitignore` too. Where a weaker file leaves the folder out and a stronger one takes it back, git
 * asks the weaker one of each path within by itself; here it would go on to leave out all of the folder.
 */
export function rulesBelow(folder: string, rules: IgnoreRules): IgnoreRules {
  const takenBack = rules.map((of) => {
    const path = `${inside(of.folder, folder)}/`
    return of.rules.test(path).ignored ? { ...of, rules: ruleSet().add(of.rules).add(`!/${path.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`)}`) } : of
  })
  return [...takenBack, ...rulesIn(folder)]
}

/** Those of the folder's own `.gitignore`. */
const rulesIn = (folder: string): Rules[] => fileRules(folder, join(folder, '.gitignore'))

export function isIgnored(path: string, isFolder: boolean, rules: IgnoreRules): boolean {
  if (ofVersionControl.has(basename(path))) return true
  for (const { folder, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(inside(folder, path) + (isFolder ? '/' : ''))
    if (ignored || unignored) return ignored
  }
  return false
}

const inside = (folder: string, path: string): string => relative(folder, path).split(sep).join('/')
const ruleSet = (): Ignore => createIgnore({ ignorecase, allowRelativePaths: true })
const rulesOf = (folder: string, patterns: readonly string[] | string): Rules => ({ folder, rules: ruleSet().add(patterns) })

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
