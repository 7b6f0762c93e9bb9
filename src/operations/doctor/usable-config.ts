import { readConfig, type Config, type Environment } from '../../config/config.ts'
import { settingsOf, withItsFile, type Settings } from '../../config/settings-file.ts'
import { variableNames, type VariableName } from '../../config/variables.ts'
import { PerdureError } from '../../protocol/errors.ts'

export interface UsableConfig {
  readonly config: Config
  /** What was set, and where. */
  readonly settings: Settings
  readonly problems: readonly string[]
  /** Settings that were left out, because something is wrong with them. */
  readonly unusable: ReadonlySet<VariableName>
}

/** The configuration without what is wrong with it, so that one bad setting does not hide what else there is to find. */
export function usableConfig(env: Environment): UsableConfig {
  const settings = settingsOf(env)
  let rest: Environment = { ...settings.env, PERDURE_CONFIG: undefined }
  let problems: readonly string[] | undefined
  const left = new Set<VariableName>()
  for (;;) {
    try {
      return { config: readConfig(rest), settings, problems: [...settings.problems, ...(problems ?? [])], unusable: left }
    } catch (error) {
      if (!PerdureError.isInstance(error) || error.code !== 'config-invalid') throw error
      const found = problemsIn(error.message)
      problems ??= found.map((problem) => withItsFile(problem, settings))
      const named = found.flatMap(namesIn).filter((name) => rest[name] !== undefined)
      // No setting is left to leave out, so the problem is not a setting.
      if (named.length === 0) throw error
      for (const name of named) if (isVariable(name)) left.add(name)
      rest = Object.fromEntries(Object.entries(rest).filter(([name]) => !named.includes(name)))
    }
  }
}

const problemsIn = (message: string): string[] =>
  message
    .split('\n')
    .slice(1)
    .map((line) => line.trim())

/** The setting that a problem is about, and the one that it contradicts. */
const namesIn = (problem: string): string[] => [...problem.matchAll(/^([A-Z]\w*)|\bbeside (\w+)/g)].map((match) => match[1] ?? match[2] ?? '')

const isVariable = (name: string): name is VariableName => variableNames.some((known) => known === name)
