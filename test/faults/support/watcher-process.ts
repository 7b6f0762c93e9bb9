/** A client as a process of its own that watches an agent until the end of a turn, and writes down what it is told, a line an event. */
import { appendFileSync } from 'node:fs'
import { connect } from '../../../src/connect.ts'
import { readConfig } from '../../../src/config/config.ts'

process.stdin.resume().on('end', () => process.exit())

const [agentId = '', file = ''] = process.argv.slice(2)
const connection = await connect(readConfig(process.env))
const events = connection.client.watch(agentId, { after: 0 })
console.log('ready')
for await (const event of events) {
  appendFileSync(file, `${JSON.stringify(event)}\n`)
  if (event.type === 'end') break
}
await connection.close()
process.exit()
