/**
 * Talks to an agent over HTTP: nothing but `fetch` is needed, in Node, a browser, Deno or Bun. Needs a server: `npm run perdure -- serve`.
 *
 *   npx tsx examples/over-http.ts
 */
// #region talk
import { createClient } from 'perdure-http'

const client = createClient({ url: process.argv[2] ?? 'http://127.0.0.1:8283' })
await client.create({ id: 'pilot' })
console.log((await client.send('pilot', 'Hello! My name is Ada, and I live in Porto.')).replyTexts)
// #endregion

// #region stream
let live = ''
for await (const event of client.stream('pilot', 'What is my name?')) {
  if (event.type === 'delta' && event.kind === 'text') process.stdout.write((live = event.text))
  // A model that answers in one piece is not heard as it writes. The message has the whole reply in any case.
  if (event.type === 'message' && live === '') process.stdout.write(event.message.reply ?? '')
  if (event.type === 'end') console.log(`\n${event.end}`)
}
// #endregion
