import type { ConnectionLike } from '@temporalio/client'
import { messageOf, PerdureError } from '../protocol/errors.ts'
import { searchAttributeNames } from '../protocol/search-attribute-names.ts'

/** IndexedValueType of the service's protocol. */
const keyword = 2
/** gRPC status: somebody else registered it meanwhile. */
const alreadyExists = 6

/**
 * Registers the search attributes that are missing; nothing happens when all are there.
 * @throws PerdureError `server-unavailable` when this user may not, or one is there with another type
 */
export async function ensureSearchAttributes(connection: Pick<ConnectionLike, 'operatorService'>, namespace: string): Promise<void> {
  const present = await attributesOf(connection, namespace)
  const wrong = searchAttributeNames.filter((name) => present[name] !== undefined && present[name] !== keyword)
  if (wrong.length > 0) {
    throw new PerdureError('server-unavailable', `search attribute ${wrong.join(', ')} of namespace ${namespace} is not of type Keyword; remove it, or use another namespace`)
  }
  const missing = searchAttributeNames.filter((name) => present[name] === undefined)
  if (missing.length === 0) return
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])) })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === alreadyExists) return
    const commands = missing.map((name) => `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`)
    throw new PerdureError(
      'server-unavailable',
      `the search attributes ${missing.join(', ')} are missing in namespace ${namespace} and can't be registered from here (${messageOf(error)}); have an administrator run:\n${commands.map((line) => `  ${line}`).join('\n')}`,
      { cause: error },
    )
  }
}

/** Types by name. A server that does not let us list them may still let us add them. */
async function attributesOf(connection: Pick<ConnectionLike, 'operatorService'>, namespace: string): Promise<Readonly<Record<string, number>>> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
    return customAttributes
  } catch {
    return {}
  }
}
