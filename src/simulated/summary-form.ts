/** The lines of a summary that this model writes, and what stands between their parts. */
export const summaryForm = {
  facts: { head: 'Facts about the user: ', separator: '; ' },
  notes: { head: 'To remember: ', separator: '; ' },
  said: { head: 'The user said: ', separator: ' / ' },
} as const

type Section = keyof typeof summaryForm

/** The parts of one section of a summary; none if the summary is not in this form. */
export function sectionIn(summary: string, section: Section): readonly string[] {
  const { head, separator } = summaryForm[section]
  const lines = summary
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(head))
  return lines
    .flatMap((line) => line.slice(head.length).split(separator))
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** Every statement of a summary, in this form or any other. */
export function statementsInSummary(summary: string): readonly string[] {
  const sections = Object.keys(summaryForm) as Section[]
  const others = summary.split('\n').filter((line) => !sections.some((section) => line.trim().startsWith(summaryForm[section].head)))
  return [...sections.flatMap((section) => sectionIn(summary, section)), ...others.flatMap((line) => line.split(/(?<=[.!?])\s+/))].filter(
    (part) => part.trim() !== '',
  )
}
