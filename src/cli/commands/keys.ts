import { Option, type Command } from 'commander'
import { readConfig } from '../../config/config.ts'
import { withAccessKeys } from '../../operations/by-stores-alone.ts'
import { scopes, type Scope } from '../../protocol/scopes.ts'
import { wholeNumberOption } from '../input/whole-number-option.ts'
import { accessKeysList } from '../output/access-keys-list.ts'
import { asJson, printJson, printList, type JsonOption } from '../output/json-lines.ts'
import { printable } from '../output/printable.ts'

interface CreateOptions extends JsonOption {
  readonly scope: readonly Scope[]
  readonly days?: number
}

/** `keys create`, `keys list`, `keys revoke`. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('keys for programs that ask `perdure serve`; needs no server but the memory')
  asJson(keys.command('create').argument('<name>', 'what it is for').description('makes a key, and shows it: once. From the first one on servers answer nobody without a key'))
    .addOption(new Option('--scope <scope...>', 'what it allows').choices(scopes).makeOptionMandatory())
    .option('--days <number>', 'it expires after so many days (default: never)', wholeNumberOption)
    .action(create)
  asJson(keys.command('list').description('the keys, the newest first, without their secrets')).action(async (options: JsonOption) => {
    printList(await withAccessKeys(readConfig(process.env), (methods) => methods.accessKeys()), options, (list) => accessKeysList(list, Date.now()))
  })
  asJson(keys.command('revoke').argument('<id>', 'as the list shows it').description('servers refuse the key from then on, each within five seconds')).action(async (id: string, { json }: JsonOption) => {
    const revoked = await withAccessKeys(readConfig(process.env), (methods) => methods.revokeAccessKey(id))
    if (json === true) printJson([revoked])
    else process.stdout.write(`Revoked ${revoked.id} (${printable(revoked.name)}).\n`)
  })
}

const dayMs = 24 * 60 * 60 * 1_000

/** The key alone is on stdout, for a pipe or a variable. */
async function create(name: string, { scope, days, json }: CreateOptions): Promise<void> {
  const expiresAt = days === undefined ? {} : { expiresAt: new Date(Date.now() + days * dayMs) }
  const made = await withAccessKeys(readConfig(process.env), (methods) => methods.createAccessKey({ name, scopes: scope, ...expiresAt }))
  if (json === true) {
    printJson([made])
    return
  }
  process.stderr.write(`Made ${made.accessKey.id}. This is the only time that the key is shown; send it as "Authorization: Bearer KEY".\n`)
  process.stdout.write(`${made.key}\n`)
}
