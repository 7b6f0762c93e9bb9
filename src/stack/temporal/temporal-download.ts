import { join } from 'node:path'
import { z } from 'zod'
import { installAtomically } from '../install-atomically.ts'
import { whileReporting } from '../progress.ts'
import { runCommand } from '../run-command.ts'
import { get, streamOf } from './https.ts'
import type { InstallWay } from './install-way.ts'

/** Where Temporal's SDKs get the CLI from. */
const standardAddress = 'https://temporal.download/cli/default'

const downloadSchema = z.object({ archiveUrl: z.url(), fileToExtract: z.string().min(1) })

/** Downloads the Temporal CLI; `address` differs only in tests. */
export function downloadTemporalFrom(address: string): InstallWay['install'] {
  return (target, { onProgress, signal }) =>
    installAtomically(target, (folder) =>
      whileReporting('downloading the Temporal server', onProgress, async () => {
        const download = downloadSchema.parse(await (await get(`${address}?${platformQuery()}`, { signal })).json())
        const archive = await get(download.archiveUrl, { signal })
        await runCommand('tar', ['-xzf', '-', '-C', folder], { input: streamOf(archive), signal })
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
