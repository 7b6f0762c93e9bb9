import type { Command } from 'commander'

export interface JsonOption {
  readonly json?: true
}

/** Every command that lists has it. What its objects have is in docs/operators.md; later versions may add fields, and take none away. */
export const asJson = (command: Command): Command => command.option('--json', 'for programs: one JSON object a line')

export function printJson(items: readonly unknown[]): void {
  for (const item of items) process.stdout.write(`${JSON.stringify(item)}\n`)
}

/** A list as it was asked for: JSON for programs, else lines for a person. */
export function printList<Item>(items: readonly Item[], { json }: JsonOption, lines: (items: readonly Item[]) => readonly string[]): void {
  if (json === true) printJson(items)
  else for (const line of lines(items)) process.stdout.write(`${line}\n`)
}
