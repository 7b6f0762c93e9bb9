/** What a program that runs agents needs: the entry `perdure/worker`. */
export { createWorker, type PerdureWorkerOptions } from './worker/create-worker.ts'
export { encryptedDataConverter } from './codec/data-converter.ts'
export { readKeyRing, type KeyRing } from './codec/key-ring.ts'
export { startTelemetry, type RunningTelemetry, type TelemetryOptions } from './telemetry/start.ts'
export type { Observation, Observe } from './protocol/observation.ts'
export { readPrices, type ModelPrice, type Prices } from './model/prices.ts'
export { openAIEmbedder, openAIModel } from './model/openai.ts'
