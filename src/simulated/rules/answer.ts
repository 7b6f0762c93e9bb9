import { factsIn, type Fact } from '../facts.ts'
import { findingIn, searchPagesOf, statementsOf } from '../hits.ts'
import { sendMessage, type Rule } from '../move.ts'
import { clauseOf, listed, sentence, shortened } from '../phrases.ts'
import { questionIn, type Question } from '../question.ts'
import { recollect } from '../recollect.ts'
import { isRefused, type Situation } from '../situation.ts'
import { isSmallTalk, smallTalk } from '../small-talk.ts'

/** After everything else the user gets a message: it says what was kept, and answers the question. */
export const answer: Rule = (situation) => {
  const { unanswered } = situation
  if (unanswered === undefined) return undefined
  const kept = acknowledgement(situation, unanswered.text)
  const question = isSmallTalk(unanswered.text) ? undefined : questionIn(unanswered.text, unanswered.time)
  const parts = [kept, question === undefined ? undefined : answerTo(situation, question)].filter((part) => part !== undefined)
  const thoughts =
    question === undefined
      ? situation.calls.some(isRefused)
        ? 'That is not to be; I should tell them.'
        : kept === undefined
          ? 'Nothing to look up; a friendly word will do.'
          : 'That is kept; I should tell them.'
      : 'I can answer now.'
  return sendMessage(situation, thoughts, parts.length === 0 ? smallTalk(situation, unanswered.text) : parts.join(' '))
}

function acknowledgement({ calls }: Situation, text: string): string | undefined {
  if (calls.some(isRefused)) return 'Very well, I will not do that.'
  if (!calls.some((call) => call.ok === true && /^(?:core_memory_|archival_memory_insert)/.test(call.name))) return undefined
  const facts = factsIn(text)
  if (facts.length === 0) return 'I have noted that, and will find it again when you ask.'
  const name = facts.map((fact) => /^Name: (.+)$/.exec(fact.line)?.[1]).find((found) => found !== undefined)
  const others = facts.filter((fact) => fact.line !== `Name: ${name ?? ''}`)
  const greeting =
    name === undefined ? undefined : calls.some((call) => call.name === 'core_memory_replace') ? `${name} it is.` : `Nice to meet you, ${name}!`
  return [greeting, ...aboutEach(others)].filter((part) => part !== undefined).join(' ')
}

function aboutEach(facts: readonly Fact[]): readonly string[] {
  const ofUser = facts.filter((fact) => fact.label === 'human').map((fact) => clauseOf(fact.line))
  const ofAgent = facts.filter((fact) => fact.label === 'persona').map((fact) => sentence(clauseOf(fact.line)))
  return [
    ...(ofUser.length === 0 ? [] : [`I will remember that ${listed(ofUser)}.`]),
    ...(ofAgent.length === 0 ? [] : [`Very well. ${ofAgent.join(' ')}`]),
  ]
}

function answerTo(situation: Situation, question: Question): string {
  const hits = searchPagesOf(situation.calls).flatMap((page) => page.hits)
  if (question.range !== undefined) {
    const said = hits
      .filter((hit) => hit.from === 'user' && statementsOf(hit.text).length > 0)
      .slice(0, 5)
      .map((hit) => `"${shortened(hit.text.trim(), 160)}"`)
    const [from, to] = question.range
    const when = from === to ? `On ${from}` : `Between ${from} and ${to}`
    return said.length === 0 ? `${when} I find nothing that you said.` : `${when} you said: ${said.toReversed().join('; ')}`
  }
  const known = recollect(situation, question)
  if (known !== undefined) return known
  const finding = findingIn(hits, question)
  if (finding === undefined) return 'I looked through my memory and found nothing about that. If you tell me, I will remember it.'
  const quote = `"${shortened(finding.quote, 400)}"`
  if (finding.from === 'user') return `You told me on ${finding.time.slice(0, 10)}: ${quote}`
  if (finding.from === 'you') return `On ${finding.time.slice(0, 10)} I said: ${quote}`
  return finding.place === undefined ? `I found this in my archive: ${quote}` : `I found this in ${finding.from}, ${finding.place}: ${quote}`
}
