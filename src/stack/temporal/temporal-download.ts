import { join } from 'node:path'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { installAtomically } from '../install-atomically.ts'
import { whileReporting } from '../progress.ts'
import { runCommand } from '../run-command.ts'
import type { InstallWay } from './install-way.ts'

/** Where Temporal's SDKs get the CLI from. */
const standardAddress = 'https://temporal.download/cli/default'
/** A network that is closed off shows within this time; one that is slow gets as long as it needs afterwards. */
const answerWithinMs = 5_000
const stalledAfterMs = 20_000

const downloadSchema = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) })

/** Downloads the Temporal CLI; `address` differs only in tests. */
export function downloadTemporalFrom(address: string): InstallWay['install'] {
  return (target, { onProgress, signal }) =>
    installAtomically(target, (folder) =>
      whileReporting('downloading the Temporal server', onProgress, async () => {
        const download = downloadSchema.parse(await (await get(`${address}?${platformQuery()}`, signal)).json())
        const archive = await get(download.archiveUrl, signal)
        if (archive.body === null) throw new Error('the download is empty')
        await runCommand('tar', ['-xzf', '-', '-C', folder], { input: streamOf(archive.body), signal })
        return join(folder, download.fileToExtract)
      }),
    )
}

export const downloadTemporal = downloadTemporalFrom(standardAddress)

function platformQuery(): string {
  const platform = { win32: 'windows', darwin: 'darwin' }[process.platform as string] ?? 'linux'
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'
  return new URLSearchParams({ arch, platform, format: 'tar.gz' }).toString()
}

/** The time limit is for the answer's head only: the body may be large. */
async function get(url: string, signal: AbortSignal | undefined): Promise<Response> {
  const head = new AbortController()
  const timer = setTimeout(() => head.abort(new Error('no answer')), answerWithinMs)
  try {
    const response = await fetch(url, { signal: AbortSignal.any([head.signal, ...(signal === undefined ? [] : [signal])]) })
    if (!response.ok) throw new Error(`status ${response.status}`)
    return response
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new Error(`${new URL(url).host} does not give it (${cause instanceof Error ? cause.message : String(cause)})`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** The body as a stream that breaks when nothing comes any more. */
function streamOf(body: ReadableStream<Uint8Array>): Readable {
  const stream = Readable.fromWeb(body)
  let timer: NodeJS.Timeout
  const watch = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stream.destroy(new Error('the download stalled')), stalledAfterMs)
  }
  watch()
  return stream.on('data', watch).on('close', () => clearTimeout(timer))
}
