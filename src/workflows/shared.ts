/**
 * All workflows. A worker loads this file, and what it imports, once for all of its runs (`preloadModules` of the SDK's bundler): loaded for
 * each, it was two thirds of what an idle agent takes of memory. So no variable of these files may hold what belongs to one run: that goes into an object of
 * the run, or is kept by `thisRun`. ESLint refuses the usual forms of such variables.
 */
export { agent } from './agent/agent.ts'
export { aside } from './aside.ts'
export { documents } from './documents.ts'
export { exchanges } from './exchanges.ts'
export { knownTools } from './known-tools.ts'
