import { setTimeout as sleep } from 'node:timers/promises'
import { deltasOf } from '../src/model/deltas.ts'
import type { ChatModel, ModelReply } from '../src/model/model.ts'

/** A page of what models write: paragraphs, a list, code, a table. */
const part = `## What was found

The harbour was **quiet** that evening, and \`nothing\` moved but the lamps; somebody had left a key behind the blue clock, and a letter beside it that said more than it should.

- the key of the boathouse, which hangs where it always hung
- a letter, without a name
- two tickets, of which one was used

\`\`\`ts
const key = await boathouse.find({ behind: 'the blue clock' })
if (key === undefined) throw new Error('there is no key')
\`\`\`

| where | what | since |
|---|---|---|
| boathouse | key | spring |
| kitchen | letter | yesterday |

`

/** Faster than a person reads, as a fast model writes: a piece every 8 ms, for some ten seconds. */
const pauseMs = 8
const parts = 8

/** A model that writes a long answer in Markdown, piece by piece. */
export function writingModel(): ChatModel {
  return {
    async complete(_, signal, onDelta) {
      const written = JSON.stringify({ inner_thoughts: 'I write it down.', message: part.repeat(parts) })
      const reply: ModelReply = { text: '', finishReason: 'tool-calls', toolCalls: [{ id: 'call-1', name: 'send_message', arguments: written }] }
      for (const delta of deltasOf(reply)) {
        onDelta?.(delta)
        await sleep(pauseMs, undefined, { signal })
      }
      return reply
    },
  }
}
