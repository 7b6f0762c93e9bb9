import { bar, percent } from './bar.ts'
import { columns } from './columns.ts'

/** How much of the window each part takes. */
export function windowTable(parts: readonly (readonly [name: string, tokens: number])[], contextWindow: number): string[] {
  return columns(parts.map(([name, tokens]) => [name, bar(tokens, contextWindow), tokens.toLocaleString('en-US').padStart(9), percent(tokens, contextWindow)]))
}

export const marksText = ({ warning, flush }: { readonly warning: number; readonly flush: number }, contextWindow: number): string =>
  `warned above ${warning.toLocaleString('en-US')}, flushed above ${flush.toLocaleString('en-US')} of ${contextWindow.toLocaleString('en-US')} tokens`
