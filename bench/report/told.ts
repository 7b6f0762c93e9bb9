import { existsSync, readFileSync } from 'node:fs'

/** The variable by which a bench is told into which file it writes its figures, one a line: what it has written before it failed stays. */
export const figuresFile = 'BENCH_FIGURES'

export type Told = { readonly aim: string; readonly value: number } | { readonly server: string }

export function readTold(file: string): readonly Told[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told)
}
