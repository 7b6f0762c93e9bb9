import { Option, type Command } from 'commander'
import { invalidArgument } from '../../protocol/errors.ts'

/** Commands that have to do with all tenants alike, or with none. */
const ofNoTenant = ['codec-server', 'demo', 'deploy', 'doctor', 'encryption-key', 'migrate', 'reencrypt', 'reindex', 'serve', 'simulated-model', 'stack', 'worker']

/** `--tenant`, of every command that has to do with one tenant's agents: what PERDURE_TENANT says, for this once. */
export function addTenantOption(program: Command): void {
  program.addOption(new Option('--tenant <name>', 'whose agents and keys a command has to do with (default: PERDURE_TENANT, or the default tenant)'))
  program.hook('preAction', (_, command) => {
    const { tenant } = program.opts<{ tenant?: string }>()
    if (tenant === undefined) return
    const name = nameOf(command, program)
    if (ofNoTenant.includes(name)) throw invalidArgument(`\`perdure ${name}\` is not about one tenant: leave --tenant out`)
    process.env['PERDURE_TENANT'] = tenant
  })
}

/** Of the first word: `keys` of `keys create`. */
function nameOf(command: Command, program: Command): string {
  return command.parent === null || command.parent === program ? command.name() : nameOf(command.parent, program)
}
