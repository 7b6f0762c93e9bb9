import type { Command } from 'commander'
import { playDemo } from './play-demo.ts'

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('plays a short conversation with the simulated model: core memory, archival memory, pressure, recall, a killed worker')
    .action(async () => {
      process.exitCode = await playDemo(process.env)
    })
}
