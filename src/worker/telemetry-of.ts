import type { Config } from '../config/config.ts'
import { packageVersion } from '../stores/package-version.ts'
import type { RunningTelemetry } from '../telemetry/start.ts'

/** Telemetry as it is set; undefined where it is off. It is loaded only where it is wanted. */
export async function telemetryOf({ telemetry }: Config): Promise<RunningTelemetry | undefined> {
  if (!telemetry.on) return undefined
  const { startTelemetry } = await import('../telemetry/start.ts')
  return startTelemetry({ ...telemetry, environment: process.env, version: packageVersion() })
}
