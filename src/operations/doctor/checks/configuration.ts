import { statSync } from 'node:fs'
import { foundSettingsFile, type Settings } from '../../../config/settings-file.ts'
import { variableNames, type VariableName } from '../../../config/variables.ts'
import { failure, ok, warning, type Check, type Finding } from '../check.ts'
import { secretsIn } from '../secrets.ts'

export const configuration: Check = {
  name: 'configuration',
  settings: [],
  failure: 'usage',
  run: ({ settings, problems }) => {
    if (problems.length > 0) return Promise.resolve(problems.map((problem) => failure(problem, 'docs/configuration.md has every setting')))
    // Where nobody named the file, the command line says so under that name.
    const isFound = settings.env['PERDURE_CONFIG'] === foundSettingsFile
    const set = variableNames.filter((name) => settings.env[name] !== undefined && !(isFound && name === 'PERDURE_CONFIG'))
    if (set.length === 0) return Promise.resolve([ok('nothing is set: the defaults are in force'), ...passedOver(settings)])
    const [ofFile, ofEnvironment] = [true, false].map((inFile) => set.filter((name) => settings.fromFile.has(name) === inFile))
    const places = [{ names: ofEnvironment, place: 'the environment' }, { names: ofFile, place: settings.file ?? 'a file' }]
    const found = places.filter(({ names = [] }) => names.length > 0).map(({ names = [], place }) => ok(`usable, from ${place}: ${names.join(', ')}`))
    return Promise.resolve([...found, ...passedOver(settings), ...readableByOthers(settings)])
  },
}

/** What other programs read in place of settings of ours. */
const others: Readonly<Record<string, VariableName>> = {
  OPENAI_API_BASE: 'OPENAI_BASE_URL',
  OPENAI_API_BASE_URL: 'OPENAI_BASE_URL',
  OPENAI_API_HOST: 'OPENAI_BASE_URL',
  OPENAI_MODEL: 'PERDURE_MODEL',
  OPENAI_MODEL_NAME: 'PERDURE_MODEL',
}

const passedOver = ({ env }: Settings): Finding[] =>
  Object.entries(others).flatMap(([name, ours]) => (env[name] === undefined || env[ours] !== undefined ? [] : [warning(`${name} is set, and Perdure does not read it`, `set ${ours}, if the same is meant here`)]))

function readableByOthers({ env, file, fromFile }: Settings): Finding[] {
  const ofFile = Object.fromEntries(Object.entries(env).filter(([name]) => fromFile.has(name)))
  if (file === undefined || secretsIn(ofFile).length === 0 || (statSync(file).mode & 0o077) === 0) return []
  return [warning(`${file} holds secrets, and others on this machine may read it`, `chmod 600 ${file}`)]
}
