/** Lines of the human block as one says them to the user. Anything else is quoted. */
const clauses: readonly (readonly [RegExp, string])[] = [
  [/^Lives in /, 'you live in '],
  [/^Comes from /, 'you come from '],
  [/^Works as /, 'you work as '],
  [/^Works at /, 'you work at '],
  [/^Allergic to /, 'you are allergic to '],
  [/^Likes /, 'you like '],
  [/^Dislikes /, 'you dislike '],
  [/^Is /, 'you are '],
  [/^Has /, 'you have '],
]

export function clauseOf(line: string): string {
  const clause = clauses.find(([pattern]) => pattern.test(line))
  if (clause !== undefined) return line.replace(clause[0], clause[1]).replace(/\bmy\b/g, 'your')
  const labelled = /^([^:]{1,40}): (.+)$/.exec(line)
  if (labelled !== null) return `your ${lowerFirst(labelled[1] ?? '')} is ${labelled[2] ?? ''}`
  return /^(?:My|I) /.test(line) ? lowerFirst(line.replace(/\.$/, '')).replace(/^i /, 'I ') : `"${line}"`
}

export const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${/[.!?"]$/.test(clause) ? '' : '.'}`

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`
}

export const shortened = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1).trimEnd()}…`

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
