/**
 * Lets an agent wake by itself: once in two seconds, and then each minute. Needs a Temporal server and a worker;
 * `npm run perdure -- stack up` starts both.
 *
 *   npx tsx examples/timers.ts
 */
// #region timers
import { connect, readConfig } from 'perdure'

const config = readConfig(process.env)
const connection = await connect(config)
const { client } = connection
const { name: model, contextWindow } = config.model

await client.create({ id: 'gardener', model, contextWindow })
const { timer } = await client.schedule('gardener', { id: 'water', text: 'Water the tomatoes.', afterMs: 2_000 })
await client.schedule('gardener', { id: 'look', text: 'Look after the seedlings.', afterMs: 60_000, everyMs: 60_000 })

// A firing is an event like any other: its id is made of the timer's name and its due time.
const turn = await client.outcome('gardener', `timer:water:${timer.dueAt}`)
console.log(turn.end, turn.replyTexts)

for (const { id, dueAt, text } of await client.timers('gardener')) console.log(id, dueAt, text)
await client.unschedule('gardener', 'look')
await connection.close()
// #endregion
