import { settingsDifferences, stackSettings } from '../../../stack/stack-settings.ts'
import { titleOf } from '../../../stack/stack-state.ts'
import { failure, ok, warning, type Check } from '../check.ts'

export const stack: Check = {
  name: 'local stack',
  settings: ['PERDURE_HOME'],
  failure: 'unavailable',
  run: ({ config, stack: found, problems }) => {
    if (!found.running) {
      const orphans = found.orphans.length === 0 ? [] : [warning(`a killed supervisor has left ${found.orphans.length} processes`, 'perdure stack down')]
      const failed = found.lastFailure === undefined ? [] : [warning(`the last start failed: ${found.lastFailure}`, 'mend that and start again; logs are in the home folder')]
      return Promise.resolve([ok('none runs here; `npm start` brings one up'), ...orphans, ...failed])
    }
    const { state, mode, users } = found
    const stays = mode === 'kept' ? 'until `perdure stack down`' : `for ${users} user${users === 1 ? '' : 's'}`
    const children = state.children.flatMap(({ name, ready, restarts }) => {
      if (!ready) return [failure(`${titleOf[name]} is not ready${restarts === 0 ? '' : `, after ${restarts} restarts`}`, 'see its log in the home folder')]
      return restarts === 0 ? [] : [warning(`${titleOf[name]} was restarted ${restarts === 1 ? 'once' : `${restarts} times`}`, 'see its log in the home folder')]
    })
    const differences = problems.length > 0 ? [] : settingsDifferences(stackSettings(config), state.settings)
    const other = differences.length === 0 ? [] : [warning(`started with other settings than those here: ${differences.join('; ')}`, 'perdure stack down, and start again')]
    return Promise.resolve([ok(`${state.phase}, stays ${stays}${state.temporal?.uiUrl === undefined ? '' : `; Web UI at ${state.temporal.uiUrl}`}`), ...children, ...other])
  },
}
