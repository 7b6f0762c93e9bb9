/**
 * An agent whose memory edits a person approves: here the program is that person. Needs a Temporal server and a worker;
 * `npm run perdure -- stack up` starts both.
 *
 *   npx tsx examples/approval.ts
 */
// #region approval
import { connect, readConfig } from 'perdure'

const config = readConfig(process.env)
const connection = await connect(config)
const { client } = connection
const { name: model, contextWindow } = config.model

await client.create({ id: 'secretary', model, contextWindow, approval: ['core_memory_append'], answerWithinMs: 3 * 86_400_000 })
const turn = await client.send('secretary', 'Hello! My name is Ada, and I live in Porto.', { eventId: 'hello' })
console.log(turn.end, turn.reason, turn.waiting?.map(({ name, for: party }) => `${name} waits for ${party}`))

// Any process, on any day until the deadline: what waits is in the agent's workflow.
for (const call of await client.waiting('secretary')) {
  console.log(call.name, call.arguments, 'until', call.until)
  await client.approve('secretary', call.op, { arguments: { ...call.arguments, content: 'Name: Ada' }, by: 'Grace' })
}

const end = await client.outcome('secretary', 'hello', { until: 'end' })
console.log(end.end, end.replyTexts)
await connection.close()
// #endregion
