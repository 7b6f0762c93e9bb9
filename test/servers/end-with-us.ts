import { spawn } from 'node:child_process'

/**
 * Kills a server when this process ends, however it ends: a shell waits for the end of a pipe that only we hold open.
 * Returns the function that calls the watch off, for when the server has ended by itself.
 */
export function endWithUs(pid: number): () => void {
  const watcher = spawn('sh', ['-c', `cat >/dev/null; kill -9 ${pid} 2>/dev/null`], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  watcher.unref()
  // The pipe must not keep this process alive either.
  const pipe = watcher.stdin as unknown as { unref?: () => void }
  pipe.unref?.()
  return () => void watcher.kill('SIGKILL')
}
