import { variableNames } from '../../../config/variables.ts'
import { failure, ok, type Check } from '../check.ts'

export const configuration: Check = {
  name: 'configuration',
  settings: [],
  failure: 'usage',
  run: ({ env, problems }) => {
    if (problems.length > 0) return Promise.resolve(problems.map((problem) => failure(problem, 'docs/configuration.md has every setting')))
    const set = variableNames.filter((name) => (env[name] ?? '').trim() !== '')
    return Promise.resolve([ok(set.length === 0 ? 'nothing is set: the defaults are in force' : `usable: ${set.join(', ')}`)])
  },
}
