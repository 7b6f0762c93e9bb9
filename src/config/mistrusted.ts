import type { VariableName } from './variables.ts'

/** Settings that have this machine run something, or stop it. */
const running: readonly VariableName[] = ['PERDURE_TEMPORAL_CLI', 'PERDURE_FAULT_POINT', 'PERDURE_FAULT_DIR']
/** Addresses, each with the key that is sent there. MongoDB's address has its password in itself. */
const keys: Partial<Record<VariableName, VariableName>> = {
  OPENAI_BASE_URL: 'OPENAI_API_KEY',
  PERDURE_EMBEDDING_BASE_URL: 'PERDURE_EMBEDDING_API_KEY',
  QDRANT_URL: 'QDRANT_API_KEY',
  TEMPORAL_ADDRESS: 'TEMPORAL_API_KEY',
}

/**
 * Which settings of a file are not to count if nobody named the file, with the reason: it may have come with a folder of somebody else. Such
 * a file can't have a program run, and can't have a key of the environment sent anywhere. What the environment sets counts above the file,
 * so that it does no harm there.
 */
export function mistrusted(table: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  const inForce = (name: string): boolean => name in table && !(name in env)
  const programs = running.filter(inForce).map((name) => [name, 'says what is run'] as const)
  const addresses = Object.entries(keys).flatMap(([name, key]) => (inForce(name) && key in env ? [[name, `says where ${key} of the environment is sent`] as const] : []))
  return new Map([...programs, ...addresses])
}
