import type { Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import type { MigrationReport } from '../../operations/migrate-memory.ts'
import { columns } from '../output/columns.ts'

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('brings memory that an earlier version wrote up to date; on servers also while workers are at work. May be repeated and interrupted')
    .option('--dry-run', 'change nothing, and say what would change')
    .action(migrate)
}

async function migrate({ dryRun = false }: { readonly dryRun?: boolean }): Promise<void> {
  const { migrateMemory } = await import('../../operations/migrate-memory.ts')
  const reports = await migrateMemory(readConfig(process.env), { dryRun })
  process.stdout.write(`${reports.flatMap((report) => reportLines(report, dryRun)).join('\n')}\n`)
}

export function reportLines({ store, found, to, changes, copy }: MigrationReport, dryRun: boolean): readonly string[] {
  if (found === undefined) return [`${store}: nothing is there yet`]
  const counted = changes.filter(({ count }) => count > 0)
  if (counted.length === 0 && found === to) return [`${store}: has schema ${to}, the present one; nothing to change`]
  const raised = found === to ? `has schema ${to}, and later writes of an older worker` : `${dryRun ? 'would go' : 'went'} from schema ${found} to ${to}`
  return [
    `${store}: ${raised}`,
    ...columns(counted.map(({ of, count, describe }) => [`  ${of}`, count.toLocaleString('en-US'), describe])),
    ...(copy === undefined ? [] : [`  as it was: ${copy}`]),
  ]
}
