import { useSignal, useSignalEffect, type Signal } from '@preact/signals'
import { largestBytes } from '../../../clients/typescript/src/documents.ts'
import type { LoadResult } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from './open-agent.ts'
import { problemText } from '../parts/problem.tsx'
import { counted, shown } from '../parts/shown.ts'
import { useUnsaved } from '../parts/unsaved.ts'

/** Files that are loaded as documents, one after the other: the agent finds what is in them by searching. */
export function Attached({ agent: { client, id }, files }: { readonly agent: OpenAgent; readonly files: Signal<readonly File[]> }) {
  const lines = useSignal<readonly { readonly text: string; readonly bad: boolean }[]>([])
  const loading = useSignal<string | undefined>(undefined)
  const load = async (file: File): Promise<void> => {
    try {
      if (file.size > largestBytes) throw new Error(`it has ${file.size.toLocaleString('en')} bytes; a document has at most ${largestBytes.toLocaleString('en')}.`)
      const bytes = new Uint8Array(await file.arrayBuffer().catch(unreadable))
      const result = await client.loadDocuments(id, [{ name: file.name, bytes }])
      lines.value = [...lines.value.slice(-4), { text: loadedText(file.name, result), bad: result.failed.length > 0 }]
    } catch (error) {
      lines.value = [...lines.value.slice(-4), { text: `${file.name}: ${problemText(error)}`, bad: true }]
    }
  }
  // The one that is on its way arrives all the same.
  useUnsaved(files.value.length < 2 ? undefined : `${counted(files.value.length - 1, 'file')} that ${files.value.length === 2 ? 'is' : 'are'} yet to be loaded`)
  useSignalEffect(() => {
    const [next] = files.value
    if (next === undefined || loading.value !== undefined) return
    loading.value = next.name
    void load(next).then(() => {
      files.value = files.value.filter((file) => file !== next)
      loading.value = undefined
    })
  })
  if (lines.value.length === 0 && loading.value === undefined) return null
  return (
    <div class="attached" role="status">
      <ul>
        {lines.value.map(({ text, bad }, index) => (
          <li key={index} class={bad ? 'bad' : 'muted'} dir="auto">
            {shown(text)}
          </li>
        ))}
        {loading.value !== undefined && (
          <li>
            Loading {shown(loading.value)}
            {files.value.length > 1 && `, and ${counted(files.value.length - 1, 'more file')}`}…
          </li>
        )}
      </ul>
    </div>
  )
}

/** A browser gives a folder that was dropped as a file that can't be read. */
function unreadable(): never {
  throw new Error('it can’t be read. If it is a folder, drop the files that are in it; if it was moved or changed since, choose it again.')
}

function loadedText(name: string, { unchanged, passages, failed, partly }: LoadResult): string {
  const [failure] = failed
  if (failure !== undefined) return `${name}: ${failure.detail}`
  if (unchanged > 0) return `${name} was loaded before, and has not changed.`
  const [part] = partly
  return `${name} is in archival memory: ${counted(passages, 'passage')}${part === undefined ? '' : `, but not all of it: ${part.detail}`}.`
}
