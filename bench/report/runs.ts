export interface Run {
  /** By which it is asked for: `npm run bench -- turn`. */
  readonly name: string
  readonly title: string
  /** A script of package.json. */
  readonly script: string
  readonly args: readonly string[]
  /** Of a script that is no bench, and tells no figures by itself: those that it prints. */
  readonly figuresIn?: (output: string) => Readonly<Record<string, number>>
  /** Since when it measures otherwise than before, ISO 8601, and what has changed: older figures are said to be older. */
  readonly changed?: { readonly at: string; readonly what: string }
  /** The variable that names a file which is not part of this repository, and that file's name. Without it the run is left out. */
  readonly needs?: { readonly variable: string; readonly file: string; readonly option: string }
}

/** All benches, in the order in which they run: those whose figures depend most on a quiet machine first. */
export const runs: readonly Run[] = [
  { name: 'turn', title: 'A message, a wake, a prompt', script: 'bench:turn', args: [] },
  { name: 'http', title: 'A message over HTTP', script: 'bench:turn', args: ['--http'] },
  { name: 'rate', title: 'Many messages at once', script: 'bench:rate', args: [] },
  { name: 'fair', title: 'Two hundred agents at once', script: 'bench:rate', args: ['--agents', '200', '--messages', '12'] },
  { name: 'workers', title: 'Several workers', script: 'bench:workers', args: [] },
  { name: 'watch', title: 'Watching an agent', script: 'bench:watch', args: [] },
  { name: 'sizes', title: 'A large memory', script: 'bench:sizes', args: ['--messages', '1000000', '--passages', '100000'], changed: { at: '2026-12-01T10:14:48Z', what: 'it has asked for words and a month, and by meaning, since, and these are among the slowest' } },
  { name: 'start', title: 'A start, and the stack at rest', script: 'bench:start', args: [], changed: { at: '2026-12-01T13:40:00Z', what: 'it has waited for 20 seconds since, where it was ten, until the stack is taken to be at rest' } },
  { name: 'idle', title: 'Agents with nothing to do', script: 'bench:idle', args: [], changed: { at: '2026-12-01T16:46:00Z', what: 'memory has been that of a worker with default settings since; it was of one that keeps all' } },
  { name: 'page', title: 'The page', script: 'bench:page', args: [] },
  { name: 'streams', title: 'Many streams of one server', script: 'bench:streams', args: [] },
  { name: 'documents', title: 'Loading documents', script: 'bench:documents', args: [] },
  { name: 'history', title: 'Events of a turn', script: 'bench:history', args: [] },
  { name: 'calls', title: 'Store calls of a message', script: 'bench:calls', args: [] },
  { name: 'recall', title: 'What a search finds', script: 'eval', args: ['locomo', '--conversations', '5'], needs: { variable: 'LOCOMO', file: 'locomo10.json', option: '--data' }, figuresIn: sharesFound },
]

/** The last column is of all categories. */
function sharesFound(output: string): Readonly<Record<string, number>> {
  const depths = [['recall.five', 5], ['recall.ten', 10]] as const
  return Object.fromEntries(
    depths.flatMap(([id, depth]) => {
      const share = new RegExp(`first ${depth} \\|.*\\| *(\\d+) % *\\|`).exec(output)?.[1]
      return share === undefined ? [] : [[id, Number(share)]]
    }),
  )
}

export function commandOf({ script, args, needs }: Run): string {
  const all = needs === undefined ? args : [...args, needs.option, needs.file]
  return `npm run ${script}${all.length === 0 ? '' : ` -- ${all.join(' ')}`}`
}
