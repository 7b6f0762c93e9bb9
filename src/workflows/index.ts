export { agent } from './agent/agent.ts'
export { aside } from './aside.ts'
export { documents } from './documents.ts'
export { knownTools } from './known-tools.ts'
