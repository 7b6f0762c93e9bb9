import type { PerdureClient } from '../../../src/index.ts'

/** What a part of the client gives: methods of the client in process, to the letter. */
export type MethodsOf<Name extends keyof PerdureClient> = Pick<PerdureClient, Name>
