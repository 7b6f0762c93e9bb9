import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Places at which a test lets a worker die. Between each two of them lies a durable effect. */
export type FaultPointName =
  | 'inference-running'
  | 'news-recorded'
  | 'inference-stored'
  | 'tool-begun'
  | 'tool-claimed'
  | 'tool-run'
  | 'short-tool-run'
  | 'result-recorded'
  | 'notice-stored'
  | 'step-settled'
  | 'turn-recorded'
  | 'compaction-summarised'
  | 'compaction-stored'
  | 'opened'
  | 'block-restored'
  | 'definition-stored'
  | 'passages-erased'
  | 'command-run'
  | 'document-read'
  | 'document-indexed'
  | 'document-finished'
  | 'exchanges-embedded'

export type FaultPoint = (name: FaultPointName) => void

/** Armed as `name` the point kills; as `name:stop` it stops the process, which goes on from there when somebody sends it SIGCONT. */
export type ArmedFaultPoint = FaultPointName | `${FaultPointName}:stop`

/**
 * Where `point` is armed the process kills, or stops, itself the first time that it passes there; the folder remembers that it did,
 * so that its successor passes. Not armed, it costs a comparison.
 */
export function faultPoint({ point, dir }: { readonly point?: string; readonly dir?: string }): FaultPoint {
  if (point === undefined || dir === undefined) return () => undefined
  const [armed, manner] = point.split(':')
  return (name) => {
    const mark = join(dir, name)
    if (name !== armed || existsSync(mark)) return
    mkdirSync(dir, { recursive: true })
    writeFileSync(mark, String(process.pid))
    process.kill(process.pid, manner === 'stop' ? 'SIGSTOP' : 'SIGKILL')
  }
}
