import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'

export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('run agents: their workflows, inferences and tools; as many of these as the load asks for')
    .action(async () => (await import('../../worker/run-worker.ts')).runWorker(readConfig(process.env)))
}
