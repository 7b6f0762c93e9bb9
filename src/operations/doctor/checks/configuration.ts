import { statSync } from 'node:fs'
import { foundSettingsFile, type Settings } from '../../../config/settings-file.ts'
import { variableNames } from '../../../config/variables.ts'
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
    if (set.length === 0) return Promise.resolve([ok('nothing is set: the defaults are in force')])
    const [ofFile, ofEnvironment] = [true, false].map((inFile) => set.filter((name) => settings.fromFile.has(name) === inFile))
    const places = [{ names: ofEnvironment, place: 'the environment' }, { names: ofFile, place: settings.file ?? 'a file' }]
    const found = places.filter(({ names = [] }) => names.length > 0).map(({ names = [], place }) => ok(`usable, from ${place}: ${names.join(', ')}`))
    return Promise.resolve([...found, ...readableByOthers(settings)])
  },
}

function readableByOthers({ env, file, fromFile }: Settings): Finding[] {
  const ofFile = Object.fromEntries(Object.entries(env).filter(([name]) => fromFile.has(name)))
  if (file === undefined || secretsIn(ofFile).length === 0 || (statSync(file).mode & 0o077) === 0) return []
  return [warning(`${file} holds secrets, and others on this machine may read it`, `chmod 600 ${file}`)]
}
