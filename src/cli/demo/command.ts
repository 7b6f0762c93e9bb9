import type { Command } from 'commander'

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('plays a short conversation with the simulated model: core memory, archival memory, pressure, recall, a killed worker')
    .action(async () => {
      process.exitCode = await (await import('./play-demo.ts')).playDemo(process.env)
    })
}
