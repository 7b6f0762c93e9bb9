import { fileURLToPath } from 'node:url'
import type { DataConverter } from '@temporalio/common'
import { encryptionCodec } from './encryption.ts'
import type { KeyRing } from './key-ring.ts'

/** The path of the module that Temporal loads. If payloads are encrypted, workflows are bundled with it. */
export const failureConverterPath = fileURLToPath(new URL(`./failure-converter.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url))

/**
 * Encrypts all that Temporal stores of agents, but for names and search attributes: give it to `createWorker` and to Temporal's
 * `Client`, the same ring to both. With an empty ring nothing is encrypted, and what is encrypted is refused by name.
 */
export function encryptedDataConverter(ring: KeyRing): DataConverter {
  return { payloadCodecs: [encryptionCodec(ring)], ...(ring.length > 0 && { failureConverterPath }) }
}
