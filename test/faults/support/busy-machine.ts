import { spawn, type ChildProcess } from 'node:child_process'

/** Keeps so many processes busy with nothing; the function returned ends them. They end with this process too, and after five minutes. */
export function keepBusy(processes: number): () => void {
  const script = `
    process.stdin.on('close', () => process.exit()).resume()
    const end = Date.now() + 300_000
    const spin = () => { for (const until = Date.now() + 20; Date.now() < until; ); if (Date.now() < end) setImmediate(spin); else process.exit() }
    spin()`
  const children = Array.from({ length: processes }, (): ChildProcess => spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'inherit'] }))
  return () => {
    for (const child of children) child.kill('SIGKILL')
  }
}
