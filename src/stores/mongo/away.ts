import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoStalePrimaryError,
} from 'mongodb'
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

/** Labels of the server, or the driver, for what may well succeed when it is asked again. */
const passingLabels = ['RetryableWriteError', 'PoolRequestedRetry', 'SystemOverloadedError']

/** A server that is not the primary (any more, or yet), is shutting down, or can't reach the others; an answer that did not come in time. */
const passingCodes: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  43, // CursorNotFound: the rest of what was being read was at a server that is gone
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout: written, and not yet at the majority
  89, // NetworkTimeout
  91, // ShutdownInProgress
  133, // FailedToSatisfyReadPreference: no primary at present
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled: an index was made or dropped meanwhile
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  262, // ExceededTimeLimit
  9_001, // SocketException
  10_058, // LegacyNotPrimary
  10_107, // NotWritablePrimary
  11_600, // InterruptedAtShutdown
  11_601, // Interrupted
  11_602, // InterruptedDueToReplStateChange
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
])

/** The driver's own, where no answer came. */
const passingClasses = [MongoNetworkError, MongoServerSelectionError, MongoOperationTimeoutError, MongoServerClosedError, MongoStalePrimaryError]

/** What the driver threw says that the server does not do its work at present, and that it may later. */
export function isAway(error: unknown): error is Error {
  if (!(error instanceof MongoError)) return false
  // The driver does not export the class of a connection that was waited for too long.
  if (passingClasses.some((kind) => error instanceof kind) || error.name === 'MongoWaitQueueTimeoutError') return true
  if (passingLabels.some((label) => error.hasErrorLabel(label)) || passingCodes.has(error.code)) return true
  // One of many writes, or the acknowledgement of all of them; some servers give the code there only.
  return error instanceof MongoServerError && codesWithin(error).some((code) => passingCodes.has(code))
}

function codesWithin(error: MongoServerError): readonly unknown[] {
  const writes = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : []
  const acknowledgement = (error.errorResponse as { readonly writeConcernError?: { readonly code?: unknown } } | undefined)?.writeConcernError
  return [...writes.map(({ code }) => code), acknowledgement?.code]
}

/** `OutOfDiskSpace`. */
const isFull = (error: unknown): error is Error => error instanceof MongoServerError && error.code === 14_031

const fullError = (hosts: string, reason: string): PerdureError =>
  new PerdureError('store-full', `MongoDB at ${hosts} has no room on its disk: ${reason}. What was asked of it can be asked again when there is`)

const awayError = (hosts: string, reason: string): PerdureError =>
  new PerdureError('server-unavailable', `MongoDB at ${hosts} does not answer: ${reason}. What was asked of it can be asked again when it is back`)
