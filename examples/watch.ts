/**
 * Follows an agent across its turns, whoever talks to it, and shows text as its model writes it. Needs a Temporal server and a worker;
 * `npm run perdure -- stack up` starts both.
 *
 *   npx tsx examples/watch.ts
 */
import { connect, readConfig } from 'perdure'

const config = readConfig(process.env)
const connection = await connect(config)
const { client } = connection
const { name: model, contextWindow } = config.model
await client.create({ id: 'narrator', model, contextWindow })

// #region watch
const events = client.watch('narrator')
await client.post('narrator', 'Hello! My name is Ada, and I live in Porto.')
let place: string | undefined
for await (const event of events) {
  // Whoever comes back later goes on after the last event that was told: client.watch('narrator', { after: place }).
  place = event.id
  switch (event.type) {
    case 'turn':
      console.log(`turn ${event.turn}, by a ${event.event.kind}`)
      break
    case 'delta':
      // Only while the model writes; the stored message, which follows, is what counts.
      if (event.kind === 'text') process.stdout.write(event.text)
      break
    case 'message':
      if (event.message.reply !== undefined) console.log(`\nstored as ${event.seq}: ${event.message.reply}`)
      break
    case 'parked':
      console.log('stands still:', event.reason, event.detail)
  }
  if (event.type === 'end') break
}
// #endregion
console.log(`told up to ${place}`)
await connection.close()
