import type { Reporter, TestModule } from 'vitest/node'

/** Closes a run in CI with one line that needs no knowledge of this test runner: `N passed, N failed, N skipped`. */
export class PlainCount implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    const count = (state: string): number => states.filter((found) => found === state).length
    console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`)
  }
}
