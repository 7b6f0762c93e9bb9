/** The only file that is loaded for each run, when it begins. */
import { noteFirstSeed } from './agent/was-reset.ts'

noteFirstSeed()

export { agent, aside, documents, exchanges, knownTools } from './shared.ts'
