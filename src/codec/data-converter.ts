import { fileURLToPath } from 'node:url'
import type { DataConverter } from '@temporalio/common'
import { encryptionCodec } from './encryption.ts'
import type { KeyRing } from './key-ring.ts'

const beside = (name: string): string => fileURLToPath(new URL(`./${name}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url))

/** The path of the module that Temporal loads. If payloads are encrypted, workflows are bundled with it. */
export const failureConverterPath = beside('failure-converter')

/** The path of the module by which workflows read payloads, and nobody else: they are bundled with it. */
export const sandboxConverterPath = beside('sandbox-converter')

/**
 * Encrypts all that Temporal stores of agents, but for names and search attributes: give it to `createWorker` and to Temporal's
 * `Client`, the same ring to both. With an empty ring nothing is encrypted, and what is encrypted is refused by name.
 */
export function encryptedDataConverter(ring: KeyRing): DataConverter {
  return { payloadCodecs: [encryptionCodec(ring)], ...(ring.length > 0 && { failureConverterPath }) }
}
