import { spawnSync } from 'node:child_process'

/**
 * Opens a file in the person's own editor (`VISUAL`, `EDITOR`, else vi), and waits for its end.
 * @returns what went wrong, undefined where nothing did
 */
export function openEditor(file: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const editor = [env.VISUAL, env.EDITOR].find((command) => command !== undefined && command.trim() !== '') ?? 'vi'
  // By a shell, as the variable may hold arguments; the file's name needs no quoting beyond "$1".
  const { status, error, signal } = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' })
  if (error === undefined && status === 0) return undefined
  return `the editor ${JSON.stringify(editor)} has failed (${error?.message ?? signal ?? `status ${status}`}); set VISUAL or EDITOR to one that works`
}
