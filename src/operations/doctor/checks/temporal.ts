import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Connection } from '@temporalio/client'
import { messageOf } from '../../../protocol/errors.ts'
import { cacheFolder } from '../../../stack/home.ts'
import { searchAttributeNames } from '../../../protocol/search-attribute-names.ts'
import { findOnPath } from '../../../stack/temporal/temporal-cli.ts'
import { failure, ok, warning, type Check, type DoctorContext, type Finding } from '../check.ts'
import { asking, statusOf, temporalTarget } from './temporal-target.ts'

const grpc = { notFound: 5, permissionDenied: 7, unauthenticated: 16 }
const keyword = 2

export const temporal: Check = {
  name: 'Temporal',
  settings: ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_API_KEY'],
  failure: 'unavailable',
  run: async (context) => {
    const target = temporalTarget(context)
    if (target === undefined) return [ownServer(context)]
    const { address, namespace } = target
    try {
      return await asking(target, async (connection) => {
        const { serverVersion } = await connection.workflowService.getSystemInfo({})
        return [ok(`${address}, version ${serverVersion}`), ...(await namespaceFindings(connection, namespace))]
      })
    } catch (error) {
      const status = statusOf(error)
      if (status === grpc.unauthenticated || status === grpc.permissionDenied) return [failure(`${address} refuses: ${messageOf(error)}`, 'correct TEMPORAL_API_KEY')]
      return [failure(`${address} can't be reached: ${messageOf(error)}`, 'start it, or correct TEMPORAL_ADDRESS')]
    }
  },
}

function ownServer({ env, config }: DoctorContext): Finding {
  const cli = [config.temporal.cli, findOnPath('temporal', env.PATH ?? ''), join(cacheFolder(env), 'bin', 'temporal')].find((path) => path !== undefined && existsSync(path))
  return ok(cli === undefined ? 'none is named or runs; the first `npm start` installs one' : `none is named or runs; \`npm start\` brings up its own (${cli})`)
}

async function namespaceFindings(connection: Connection, namespace: string): Promise<Finding[]> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace })
    const days = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400
    return [ok(`${namespace}, closed runs are kept for ${days.toFixed(days < 1 ? 1 : 0)} ${days === 1 ? 'day' : 'days'}`, 'namespace'), await searchAttributes(connection, namespace)]
  } catch (error) {
    if (statusOf(error) !== grpc.notFound) throw error
    return [failure(`there is no namespace ${namespace}`, `correct TEMPORAL_NAMESPACE, or: temporal operator namespace create --namespace ${namespace}`, 'namespace')]
  }
}

async function searchAttributes(connection: Connection, namespace: string): Promise<Finding> {
  const about = 'search attributes'
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
    const types: Readonly<Record<string, number>> = customAttributes
    const missing = searchAttributeNames.filter((name) => types[name] === undefined)
    const wrong = searchAttributeNames.filter((name) => types[name] !== undefined && types[name] !== keyword)
    if (wrong.length > 0) return failure(`${wrong.join(', ')}: not of type Keyword`, 'remove it, or use another namespace', about)
    if (missing.length === 0) return ok(searchAttributeNames.join(', '), about)
    return warning(`${missing.join(', ')}: not there yet`, 'a worker registers them at its start, or says what an administrator has to run', about)
  } catch (error) {
    return warning(`can't be listed: ${messageOf(error)}`, 'a worker says at its start whether they are there', about)
  }
}
