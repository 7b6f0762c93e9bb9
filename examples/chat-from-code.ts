/**
 * Talks to an agent from code: creates it, sends a message, reads its memory. Needs a Temporal server and a worker;
 * `npm run perdure -- stack up` starts both.
 *
 *   npx tsx examples/chat-from-code.ts
 */
// #region chat
import { connect, readConfig } from 'perdure'

const config = readConfig(process.env)
const connection = await connect(config)
const { client } = connection
const { name: model, contextWindow } = config.model

await client.create({ id: 'librarian', model, contextWindow, persona: 'I am Mira, a patient librarian.' })
const turn = await client.send('librarian', 'Hello! My name is Ada, and I live in Porto.')
console.log(turn.end, turn.replyTexts)

for (const { label, value, version } of await client.blocks('librarian')) console.log(label, version, value)
await connection.close()
// #endregion
