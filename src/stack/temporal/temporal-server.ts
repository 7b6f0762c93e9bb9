import { searchAttributeNames } from '../../protocol/search-attribute-names.ts'

export interface ServerSettings {
  readonly port: number
  readonly uiPort?: number
  readonly namespace: string
  /** Absent: in memory, gone with the process. */
  readonly databaseFile?: string
}

/** The host at which everything that the stack starts listens: this machine only. */
export const localHost = '127.0.0.1'

/**
 * Queues of the history service that a development server polls ten or twenty times a second as it comes; polled at once,
 * a turn takes a quarter of the time.
 */
const quickQueues = ['transferProcessor', 'timerProcessor', 'visibilityProcessor']

/**
 * A write-ahead log waits for the disk once for each commit, and every commit is on it when the server confirms: a message waits a quarter as
 * often as with a rollback journal. `synchronous=full` is what keeps that so.
 */
const durably = ['journal_mode=wal', 'synchronous=full']

/** Arguments of the Temporal CLI for the server that `perdure` and the tests bring up. */
export function serverArguments(settings: ServerSettings): string[] {
  const flags: (readonly string[])[] = [
    ['--ip', localHost],
    ['--port', String(settings.port)],
    settings.uiPort === undefined ? ['--headless'] : ['--ui-port', String(settings.uiPort)],
    ['--namespace', settings.namespace],
    ['--log-level', 'error'],
    ...(settings.databaseFile === undefined ? [] : [['--db-filename', settings.databaseFile], ...durably.map((pragma) => ['--sqlite-pragma', pragma])]),
    ...quickQueues.map((queue) => ['--dynamic-config-value', `history.${queue}MaxPollRPS=1000`]),
    ...searchAttributeNames.map((name) => ['--search-attribute', `${name}=Keyword`]),
  ]
  return ['server', 'start-dev', ...flags.flat()]
}
