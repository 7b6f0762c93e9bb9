import type { FaultGroup } from './row.ts'
import { client } from './rows/client.ts'
import { clock } from './rows/clock.ts'
import { deploy } from './rows/deploy.ts'
import { disk } from './rows/disk.ts'
import { documents } from './rows/documents.ts'
import { exchanges } from './rows/exchanges.ts'
import { http } from './rows/http.ts'
import { limits } from './rows/limits.ts'
import { load } from './rows/load.ts'
import { lost } from './rows/lost.ts'
import { model } from './rows/model.ts'
import { mongodb } from './rows/mongodb.ts'
import { names } from './rows/names.ts'
import { network } from './rows/network.ts'
import { qdrant } from './rows/qdrant.ts'
import { stopped } from './rows/stopped.ts'
import { temporal } from './rows/temporal.ts'
import { waiting } from './rows/waiting.ts'
import { timers } from './rows/timers.ts'
import { worker } from './rows/worker.ts'

/** The whole table, in the order of the document. */
export const faultGroups: readonly FaultGroup[] = [worker, temporal, lost, mongodb, qdrant, network, stopped, model, client, http, waiting, disk, clock, timers, deploy, documents, exchanges, limits, names, load]

export const faultRows = faultGroups.flatMap(({ rows }) => rows)
