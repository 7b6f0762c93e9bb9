export { agent } from './agent.ts'
export { documents } from './documents.ts'
