import { invalidArgument } from '../../protocol/errors.ts'

/**
 * Epoch milliseconds of a time in any notation of ISO 8601. A date alone is its beginning, in UTC.
 * @throws PerdureError `invalid-argument`
 */
export function momentOf(field: string, time: string): number {
  const moment = Date.parse(time)
  if (!Number.isNaN(moment)) return moment
  throw invalidArgument(`"${field}" is ${JSON.stringify(time.slice(0, 40))}: expected a time such as 2024-03-01T12:00:00Z`)
}
