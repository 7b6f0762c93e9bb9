import type { TurnOutcome, TurnReason } from '../../protocol/turn.ts'
import type { Palette } from './palette.ts'
import { printable } from './printable.ts'

/** What a person can do about a parked agent, for the reasons that do not say it themselves. */
const remedies: Partial<Record<TurnReason, string>> = {
  'model-unreachable': 'Check that the endpoint runs and can be reached. It is tried again by itself; /resume tries now.',
  'model-error': 'It is tried again by itself where that may help; /resume tries now, /cancel gives this message up.',
  'context-overflow': '/cancel gives this message up; /pop or /load then make the context smaller. A larger window helps for good.',
  'agent-budget': '`perdure budget NAME --dollars AMOUNT` (or --tokens) raises it; /cancel gives this message up.',
  'price-unknown': 'Set PERDURE_PRICES, start again with it, then /resume; or remove the budget with `perdure budget NAME --dollars none --turn-dollars none`.',
  approval: '/waiting shows it; /approve lets it run, /refuse does not, /cancel gives this message up.',
  'client-tool': 'It goes on when the program that runs the tool answers; /cancel gives this message up.',
  'store-full': 'It goes on by itself when there is room; /resume tries now.',
  'store-away': 'It goes on by itself when the store is back; /resume tries now.',
  'wrong-stores': 'It goes on by itself on a worker that has its stores; `perdure doctor` shows what the settings here name.',
  'activity-failed': '/resume tries again, /cancel gives this message up; the log of the worker says more.',
}

/** The turn's end in words; undefined where there is nothing to say. */
export function turnEnd(outcome: TurnOutcome, replies: number, palette: Palette): string | undefined {
  const detail = outcome.detail === undefined ? '' : `: ${printable(outcome.detail)}`
  switch (outcome.end) {
    case 'completed':
      return replies === 0 ? palette.dim(`  (no reply${detail})`) : undefined
    case 'cancelled':
      return palette.yellow(`cancelled${detail || ': what was finished until then is kept'}`)
    case 'stopped':
      return palette.yellow(`stopped (${outcome.reason ?? 'unknown'})${detail}`)
    case 'parked':
      return palette.yellow(parkedText(outcome.reason, outcome.detail))
  }
}

/** What an endpoint that refuses wants: the status and the code stand in the detail, as `(404 model_not_found)`. */
function refusedRemedy(detail: string): string {
  const [, said = ''] = /\((\d{3}\b[^)]*|[a-z_]+)\)/.exec(detail) ?? []
  const goesOn = 'it goes on by itself then'
  if (detail.includes("on this key's credit")) {
    const shorter = detail.includes('maxOutputTokens') ? ` Or allow shorter answers: /set sampling.maxOutputTokens=1000, and ${goesOn}.` : ''
    return `Add credit at the model's endpoint, then /resume.${shorter}`
  }
  if (said.includes('404') || said.includes('model')) return `/model NAME gives it a model that the endpoint has, and ${goesOn}. If the address is wrong: correct OPENAI_BASE_URL, start again with it, then /resume.`
  if (/40[123]|quota|billing|account/.test(said)) return 'Correct OPENAI_API_KEY (or the credit behind it, or OPENAI_BASE_URL), start again with it, then /resume.'
  return `Change what the endpoint does not accept, by /model NAME or /set FIELD=VALUE, and ${goesOn}; /cancel gives this message up.`
}

/** Why an agent stands still, that nothing is lost, and what lets it go on. */
export function parkedText(reason: TurnReason | undefined, detail = ''): string {
  const remedy = reason === 'model-refused' ? refusedRemedy(detail) : ((reason && remedies[reason]) ?? '/resume tries again.')
  return `parked (${reason ?? 'unknown'})${detail === '' ? '' : `: ${printable(detail)}`}\nThe message is kept and is answered as soon as the agent goes on. ${remedy}`
}
