import { newFactsIn, writesOf } from '../known-facts.ts'
import { withHeartbeat, type Rule } from '../move.ts'
import { noteIn } from '../facts.ts'

/** Facts about the user or the agent go into core memory, notes into archival memory. Then the turn goes on. */
export const remember: Rule = (situation) => {
  const { unanswered, calls, view } = situation
  if (unanswered === undefined || calls.length > 0) return undefined
  const facts = newFactsIn(situation, unanswered.text)
  const note = noteIn(unanswered.text)
  const noted = note !== undefined && view.toolNames.has('archival_memory_insert') ? [withHeartbeat('archival_memory_insert', { content: note })] : []
  const writes = [...writesOf(situation, facts), ...noted]
  if (writes.length === 0) return undefined
  const corrects = writes.some((call) => call.name === 'core_memory_replace')
  const about = facts.length === 0 ? undefined : facts.some((fact) => fact.label === 'human') ? 'about themselves' : 'about who I should be'
  const thoughts =
    about === undefined
      ? 'They want me to keep this; it belongs into archival memory.'
      : corrects
        ? `Something ${about} has changed; the old line in my core memory must go.`
        : `They told me something ${about}; I should keep it in core memory.`
  return { thoughts, calls: writes }
}
