import { openEmbeddedStores } from '../../../src/stores/embedded/open.ts'
import { moment, sampleMessage, sampleVersion } from '../memory/samples.ts'

// A process of its own: writes into the file that it is given and prints the name of each write once that has returned.
const [file = '', name = '', writes = '0'] = process.argv.slice(2)
const stores = await openEmbeddedStores({ file })
const { memory } = stores

for (let write = 1; write <= Number(writes); write += 1) {
  const message = sampleMessage(name, write, `penguin ${write}`, { at: moment(1) })
  await memory.messages.insert(message)
  process.stdout.write(`${message.op}\n`)

  const edit = `${name}-${write}`
  while (true) {
    const current = await memory.blocks.current('shared')
    const next = sampleVersion('shared', (current?.version ?? 0) + 1, `${current?.value ?? ''} ${edit}`, { op: edit, at: moment(1) })
    if ((await memory.blocks.insert(next)).status === 'stored') break
  }
  process.stdout.write(`${edit}\n`)
}
await stores.close()
