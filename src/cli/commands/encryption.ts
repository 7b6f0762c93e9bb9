import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { newRingEntry } from '../../codec/key-ring.ts'
import { readConfig } from '../../config/config.ts'
import { reencrypt } from '../../operations/reencrypt.ts'
import { runCodecServer } from '../../stack/run-codec-server.ts'
import { messageOf } from '../../protocol/errors.ts'
import { exitStatus } from '../output/exit-status.ts'
import { withAgents } from '../with-agents.ts'

export function addEncryptionCommands(program: Command): void {
  program
    .command('encryption-key')
    .argument('[id]', 'its name in the ring; a new one if not given')
    .description('make a key for PERDURE_ENCRYPTION_KEYS and print it as ID:KEY; it is kept nowhere else')
    .action((id: string | undefined) => {
      process.stdout.write(`${newRingEntry(id ?? freshId(new Date()))}\n`)
    })
  program
    .command('reencrypt')
    .description('have agents go on in runs that are encrypted under the first key, so that the others can be taken away')
    .action(reencryptAgents)
  program
    .command('codec-server')
    .description('decrypt for Temporal\'s Web UI and command line, until interrupted; needs PERDURE_ENCRYPTION_KEYS and PERDURE_CODEC_TOKENS')
    .action(() => runCodecServer(readConfig(process.env)))
}

async function reencryptAgents(): Promise<void> {
  const config = readConfig(process.env)
  const { agents, left, refused, helpers } = await withAgents(config, ({ connection }) =>
    reencrypt({ ...connection, keys: config.encryption, taskQueue: config.taskQueue }),
  )
  const [current] = config.encryption
  const under = current === undefined ? 'without encryption' : `under the key ${current.id}`
  const lines = [`${agents - left.length} of ${agents} running agents began their present run ${under}.`]
  if (left.length + helpers.length === 0) lines.push('No running agent needs another key.')
  for (const agentId of left) {
    lines.push(`  ${agentId}: ${refused.has(agentId) ? messageOf(refused.get(agentId)) : 'in the middle of a turn; it follows at its end'}`)
  }
  for (const workflowId of helpers) lines.push(`  ${workflowId}: works for an agent under another key; that key can go when this workflow has ended`)
  if (left.length + helpers.length > 0) process.exitCode = exitStatus.failure
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Says when it was made, and is not made twice. */
const freshId = (now: Date): string => `key-${now.toISOString().slice(0, 10)}-${randomBytes(2).toString('hex')}`
