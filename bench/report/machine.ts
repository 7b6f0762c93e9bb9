import { cpus, loadavg, release, totalmem, type as system } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
}

export function thisMachine(): Machine {
  const all = cpus()
  return { cpu: (all[0]?.model ?? 'an unknown kind').trim(), cores: all.length, memoryGb: Math.round(totalmem() / 2 ** 30), system: `${system()} ${release()}`, node: process.versions.node }
}

/** How many programs wanted a core in the last minute: more than there are cores, and each figure is an upper bound. */
export function presentLoad(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10
}
