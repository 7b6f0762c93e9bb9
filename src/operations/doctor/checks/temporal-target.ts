import type { Connection } from '@temporalio/client'
import { connectTemporal, type TemporalTarget } from '../../../client/connect-temporal.ts'
import type { DoctorContext } from '../check.ts'

const connectMs = 3_000

/** The server that is configured, else the running stack's own; undefined where there is neither. */
export function temporalTarget({ config: { temporal }, stack }: DoctorContext): TemporalTarget | undefined {
  const own = stack.running ? stack.state.temporal : undefined
  const address = temporal.address ?? own?.address
  return address === undefined ? undefined : { address, namespace: temporal.namespace, ...(temporal.apiKey !== undefined && { apiKey: temporal.apiKey }) }
}

/** Asks the server, within a few seconds, and closes the connection. */
export async function asking<Answer>(target: TemporalTarget, ask: (connection: Connection) => Promise<Answer>): Promise<Answer> {
  const connection = await connectTemporal(target, connectMs)
  try {
    return await connection.withDeadline(Date.now() + connectMs, () => ask(connection))
  } finally {
    await connection.close()
  }
}

/** gRPC's status of an error, where it has one. */
export const statusOf = (error: unknown): number | undefined => (error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined)
