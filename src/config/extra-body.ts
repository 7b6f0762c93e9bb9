import { jsonObject } from '../protocol/json.ts'
import { problemsOfExtra } from '../protocol/sampling.ts'

/** What is wrong with a JSON object of further fields of a model's requests, one sentence for each. */
export function extraBodyProblems(text: string): readonly string[] {
  const fields = jsonObject(text)
  return fields === undefined ? ['is no JSON object; write one, like {"top_k":40}'] : problemsOfExtra(fields)
}

/** Reads a text in which `extraBodyProblems` finds nothing. */
export const readExtraBody = (text: string): Readonly<Record<string, unknown>> => jsonObject(text) ?? {}
