import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Reads from a pipe that only the bench's process holds open. When it closes, whatever the bench has started is killed first, so that nothing
 * writes any more, and then the folder is deleted. What it has started is known by its environment, which names the folder.
 */
const guard = `
  cat >/dev/null
  rounds=50
  while [ "$rounds" -gt 0 ]; do
    files=$(grep -lzsF "TMPDIR=$0" /proc/[0-9]*/environ)
    [ -n "$files" ] || break
    for file in $files; do pid=\${file#/proc/}; kill -9 "\${pid%/environ}" 2>/dev/null; done
    rounds=$((rounds - 1))
    sleep 0.1
  done
  for again in 1 2 3 4 5; do rm -rf "$0" 2>/dev/null && break; sleep 1; done`

/**
 * Gives this process, and all that it starts, a folder for temporary files that lives no longer than it does: also where it is ended by Ctrl-C,
 * or killed, while it computes and heeds no signal. So a bench has no handlers of signals, and may end by one wherever it is. Where there is no
 * /proc (macOS) only servers for tests end with it, each by a guard of its own; a stack that `bench:start` has started would stay.
 */
export function haveOwnFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-bench-'))
  // Detached: what ends this process's group, Ctrl-C say, must leave the guard at its work.
  const guarding = spawn('sh', ['-c', guard, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guarding.unref()
  if (guarding.stdin instanceof Socket) guarding.stdin.unref()
  process.env['TMPDIR'] = folder
}
