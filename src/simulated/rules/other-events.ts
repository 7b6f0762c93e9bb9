import { sendMessage, type Rule } from '../move.ts'
import { greeting } from '../small-talk.ts'
import { shortened } from '../phrases.ts'
import { pick } from '../words.ts'

/** What the runtime puts before a timer's text: its name and when it was due. */
const timerHead = /^timer [a-z0-9_-]+, due at [^ ,]+?(, \d+ earlier times? missed)?: /

/** Logins, uploads, heartbeats and whatever else wakes an agent without a word of the user: one short message, once. */
export const otherEvents: Rule = (situation) => {
  const { cause, unanswered, calls } = situation
  if (cause === undefined || unanswered !== undefined || cause.type === 'user_message' || calls.some((call) => call.name === 'send_message'))
    return undefined
  switch (cause.type) {
    case 'login':
      return sendMessage(situation, 'They are here; I should greet them.', greeting(situation, cause.time + cause.text))
    case 'upload':
      return sendMessage(
        situation,
        'A document has come in; I can search it from now on.',
        `I have received ${cause.text === '' ? 'your document' : `"${shortened(cause.text, 120)}"`}. Ask me about it, and I will look it up.`,
      )
    case 'heartbeat':
      return sendMessage(
        situation,
        'A heartbeat: all is quiet.',
        pick(['I am here, and all is well.', 'I am here. Nothing new on my side.'], cause.time),
      )
    case 'timer':
      return sendMessage(situation, 'A timer of mine has come due.', `It is time: ${shortened(cause.text.replace(timerHead, ''), 300)}`)
    case 'memory_pressure':
      return { thoughts: 'Nothing here that must be saved.', calls: [] }
    case 'notice':
      return sendMessage(situation, 'Only a tool reaches anybody.', 'I am here.')
    default:
      return sendMessage(
        situation,
        'The system told me something; I take note.',
        cause.text === '' ? 'I am here.' : `I have taken note: "${shortened(cause.text, 160)}"`,
      )
  }
}
