import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { newRingEntry } from '../codec/key-ring.ts'
import { readConfig } from '../config.ts'
import { runCodecServer } from '../local/run-codec-server.ts'

export function addEncryptionCommands(program: Command): void {
  program
    .command('encryption-key')
    .argument('[id]', 'its name in the ring; a new one if not given')
    .description('make a key for PERDURE_ENCRYPTION_KEYS and print it as ID:KEY; it is kept nowhere else')
    .action((id: string | undefined) => {
      process.stdout.write(`${newRingEntry(id ?? freshId(new Date()))}\n`)
    })
  program
    .command('codec-server')
    .description('decrypt for Temporal\'s Web UI and command line, until interrupted; needs PERDURE_ENCRYPTION_KEYS and PERDURE_CODEC_TOKENS')
    .action(() => runCodecServer(readConfig(process.env)))
}

/** Says when it was made, and is not made twice. */
const freshId = (now: Date): string => `key-${now.toISOString().slice(0, 10)}-${randomBytes(2).toString('hex')}`
