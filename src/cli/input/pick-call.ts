import type { CallToAnswer } from '../../client/call-to-answer.ts'
import { invalidArgument, PerdureError } from '../../protocol/errors.ts'
import { jsonObject } from '../../protocol/json.ts'
import { oneLine } from '../output/text.ts'

/**
 * Of the calls that wait the one meant: by its number in the list, or its operation id or the end of that. Without a word the only
 * one, or the first of those that wait for approval.
 * @throws PerdureError `call-unknown`
 */
export function pickCall(calls: readonly CallToAnswer[], word: string | undefined): CallToAnswer {
  const approvals = calls.filter((call) => call.for === 'approval')
  if (approvals.length === 0) throw new PerdureError('call-unknown', 'no call waits for approval')
  const found = word === undefined ? approvals[0] : (calls[Number(word) - 1] ?? calls.find(({ op }) => op === word || op.endsWith(`/${word}`)))
  if (found?.for === 'approval') return found
  throw new PerdureError('call-unknown', `no call ${oneLine(word ?? '', 80)} waits for approval; there ${approvals.length === 1 ? 'is' : 'are'} ${approvals.map(({ op, name }) => `${name} (${op})`).join(', ')}`)
}

/**
 * Arguments that a person typed, as JSON; those that are not named stay as they are.
 * @throws PerdureError `invalid-argument`
 */
export function changedArguments(call: CallToAnswer, json: string): Readonly<Record<string, unknown>> {
  const read = jsonObject(json)
  if (read !== undefined) return { ...call.arguments, ...read }
  const [name = 'name'] = Object.keys(call.arguments)
  throw invalidArgument(`${oneLine(json, 80)} is no JSON object; write one with what is to change, like {${JSON.stringify(name)}: "…"}`)
}
