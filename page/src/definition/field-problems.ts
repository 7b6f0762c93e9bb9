import { codeOf, problemText } from '../parts/problem.tsx'

/** Of which field some errors are that name none. */
const fieldOfCode: Readonly<Record<string, string>> = { 'tool-unknown': 'tools', 'block-label-taken': 'label', 'block-unknown': 'blockId', 'block-private': 'blockId', 'block-too-large': 'limit' }

/**
 * What an error of the server says of each of these fields: it names them by their paths, as in `contextWindow: too small; budget.steps: …`,
 * or begins with one, as in `pressure.warning must be …`.
 * @param inErrors the path of a field, where it is known by another name in its form
 */
export function fieldProblems(error: unknown, names: readonly string[], inErrors: (name: string) => string = (name) => name): ReadonlyMap<string, string> {
  const [code, text] = [codeOf(error), problemText(error)]
  if (code === undefined) return new Map()
  const field = fieldOfCode[code]
  const said = (name: string): string | undefined => {
    if (code === 'invalid-argument') return saidOf(text, inErrors(name))
    return field !== undefined && (name === field || name.endsWith(`.${field}`)) ? text : undefined
  }
  return new Map(names.flatMap((name) => {
    const problem = said(name)
    return problem === undefined ? [] : [[name, problem]]
  }))
}

function saidOf(text: string, name: string): string | undefined {
  // What is wrong with an entry of a list is said of the list.
  const path = `${name.slice(0, 80).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:\\.\\d+)*`
  const listed = new RegExp(`(?:^|[:;] )${path}: (.+?)(?=; [\\w.]+: |$)`, 's').exec(text)?.[1]
  return listed ?? (new RegExp(`^${path} (?:must|names|may|is|has) `).test(text) ? text : undefined)
}
