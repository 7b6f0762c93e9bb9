import type { StackStatus } from '../../stack/stack-status.ts'

export interface StatusPlace {
  readonly home: string
  readonly logs: string
  readonly now: Date
}

/** What `stack status` shows, line by line. */
export function statusLines(status: StackStatus, place: StatusPlace): string[] {
  if (!status.running) {
    return [
      `No stack runs on ${place.home}.`,
      ...(status.orphans.length === 0 ? [] : [`A killed supervisor has left ${status.orphans.length} processes (${status.orphans.join(', ')}): the next start ends them, or \`perdure stack down\`.`]),
      ...(status.lastFailure === undefined ? [] : ['The last start failed:', ...status.lastFailure.split('\n').map((line) => `  ${line}`)]),
    ]
  }
  const { state, mode, users } = status
  const { temporal } = state
  const until = mode === 'kept' ? 'until `perdure stack down`' : 'as long as somebody uses it'
  return [
    `${describePhase(state.phase)}, for ${duration(place.now.getTime() - Date.parse(state.since))}; stays ${until}; ${users === 1 ? '1 user' : `${users} users`}`,
    ...(state.progress === undefined ? [] : [row('doing', state.progress.what)]),
    ...(temporal === undefined ? [] : [row('Temporal', `${temporal.address}, namespace ${temporal.namespace}`)]),
    ...(temporal?.uiUrl === undefined ? [] : [row('Web UI', temporal.uiUrl)]),
    ...(state.modelUrl === undefined ? [] : [row('model', `${state.modelUrl} (simulated)`)]),
    ...(state.httpUrl === undefined ? [] : [row('page, HTTP', state.httpUrl)]),
    row('supervisor', `pid ${state.supervisor.pid}`),
    ...state.children.map((child) => row(child.name, describeChild(child))),
    row('state', place.home),
    row('logs', place.logs),
  ]
}

const row = (name: string, value: string): string => `  ${name.padEnd(12)}${value}`

type Running = Extract<StackStatus, { running: true }>

function describePhase(phase: Running['state']['phase']): string {
  const words = { starting: 'Starting', ready: 'Running', stopping: 'Stopping', stopped: 'Stopping', failed: 'Failing' }
  return words[phase]
}

function describeChild(child: Running['state']['children'][number]): string {
  const restarts = child.restarts === 0 ? '' : `, restarted ${child.restarts === 1 ? 'once' : `${child.restarts} times`}`
  if (child.process === undefined) return `down, about to start again${restarts}${child.problem === undefined ? '' : `: ${child.problem}`}`
  return `pid ${child.process.pid}, ${child.ready ? 'ready' : 'starting'}${restarts}`
}

/** The two largest units: "3 min 12 s", "2 d 4 h". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000))
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const from = parts.findIndex(([count]) => count > 0)
  return from === -1 ? '0 s' : parts.slice(from, from + 2).map(([count, unit]) => `${count} ${unit}`).join(' ')
}
