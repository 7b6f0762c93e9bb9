/**
 * Puts a passage into an agent's archival memory and finds it, corrects one of its blocks, and changes what the agent is. Needs a Temporal
 * server and a worker; `npm run perdure -- stack up` starts both.
 *
 *   npx tsx examples/memory-by-hand.ts
 */
// #region memory
import { connect, readConfig } from 'perdure'

const config = readConfig(process.env)
const connection = await connect(config)
const { client } = connection
const { name: model, contextWindow } = config.model

await client.create({ id: 'harbourmaster', model, contextWindow })

const { op } = await client.insertPassage('harbourmaster', 'The boat lies at pier 4.', { tags: ['boats'], by: 'Ada' })
await client.supersedePassage('harbourmaster', op, 'Since May the boat lies at pier 9.')
const { passages } = await client.searchArchival('harbourmaster', { text: 'Where is the boat?', tags: ['boats'], limit: 3 })
for (const { text, score } of passages) console.log(score.toFixed(2), text)

// Only what was read is written over: if the agent has written meanwhile, this is refused (`block-conflict`).
const human = (await client.blocks('harbourmaster')).find(({ label }) => label === 'human')
if (human !== undefined) await client.editBlock('harbourmaster', 'human', 'Name: Ada', { ifVersion: human.version, author: 'Ada' })

const { version } = await client.update('harbourmaster', { description: 'knows each boat', tags: ['harbour'] }, { author: 'Ada' })
for (const { field, before, after } of await client.compareDefinitions('harbourmaster', { before: version - 1, after: version })) console.log(field, before, '→', after)
await connection.close()
// #endregion
