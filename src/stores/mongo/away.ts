import { MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb'
import { PerdureError } from '../../protocol/errors.ts'

/**
 * The store with an error of ours where its server is away, so that callers can tell that from all else and try again. Whether
 * a write whose connection broke has arrived is not known; as all of them are insert-if-absent or idempotent, it may be repeated.
 * @throws PerdureError `server-unavailable`, `store-full`, from every function of the store and of its parts
 */
export function namingAnAwayServer<Store extends object>(store: Store, { hosts, redact }: { readonly hosts: string; readonly redact: (text: string) => string }): Store {
  return new Proxy(store, {
    get: (target, key, receiver) => {
      const member: unknown = Reflect.get(target, key, receiver)
      if (typeof member === 'function') {
        return async (...args: unknown[]): Promise<unknown> => {
          try {
            return (await Reflect.apply(member, target, args)) as unknown
          } catch (error) {
            throw isAway(error) ? awayError(hosts, redact(error.message)) : isFull(error) ? fullError(hosts, redact(error.message)) : error
          }
        }
      }
      return typeof member === 'object' && member !== null ? namingAnAwayServer(member, { hosts, redact }) : member
    },
  })
}

const isAway = (error: unknown): error is Error => error instanceof MongoNetworkError || error instanceof MongoServerSelectionError

/** `OutOfDiskSpace`. */
const isFull = (error: unknown): error is Error => error instanceof MongoServerError && error.code === 14_031

const fullError = (hosts: string, reason: string): PerdureError =>
  new PerdureError('store-full', `MongoDB at ${hosts} has no room on its disk: ${reason}. What was asked of it can be asked again when there is`)

const awayError = (hosts: string, reason: string): PerdureError =>
  new PerdureError('server-unavailable', `MongoDB at ${hosts} does not answer: ${reason}. What was asked of it can be asked again when it is back`)
