import type { Check } from './check.ts'
import { agents } from './checks/agents.ts'
import { configuration } from './checks/configuration.ts'
import { homeFolder } from './checks/home-folder.ts'
import { memoryFile } from './checks/memory-file.ts'
import { model } from './checks/model.ts'
import { mongodb } from './checks/mongodb.ts'
import { nodeVersion } from './checks/node-version.ts'
import { qdrant } from './checks/qdrant.ts'
import { stack } from './checks/stack.ts'
import { temporal } from './checks/temporal.ts'
import { workers } from './checks/workers.ts'

/** All that the doctor looks at, in the order of its report. */
export const checks: readonly Check[] = [nodeVersion, configuration, homeFolder, stack, temporal, workers, agents, mongodb, qdrant, memoryFile, model]
