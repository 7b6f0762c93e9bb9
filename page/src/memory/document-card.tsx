import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { HttpClient, PassageView } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { Dialog } from '../parts/dialog.tsx'
import { FormEnd } from '../parts/form-end.tsx'
import { useKeyboardPasses } from '../parts/keyboard-passes.ts'
import { counted, shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { useDoing } from '../parts/doing.ts'
import { Hits } from './hits.tsx'
import { PassageCard } from './passage-card.tsx'
import { pages } from './pages.ts'

export type StoredDocument = Awaited<ReturnType<HttpClient['documents']>>['documents'][number]

interface DocumentProps {
  readonly agent: OpenAgent
  readonly document: StoredDocument
  readonly onChanged: () => Promise<void>
}

const states: Readonly<Record<StoredDocument['status'], string>> = { waiting: 'is being loaded', loaded: 'loaded', failed: 'could not be read', removing: 'is being taken out' }

export function DocumentCard({ agent, document, onChanged }: DocumentProps) {
  const { name, status, bytes, format, pages: pageCount, chunks, unread, detail, code, at } = document
  const item = useKeyboardPasses<HTMLLIElement>()
  const opened = useSignal(false)
  const asked = useSignal(false)
  const doing = useDoing()
  const remove = async (): Promise<void> => {
    const done = await doing.run(async () => {
      await agent.client.unloadDocuments(agent.id, [name])
      return `${name} was taken out of archival memory.`
    })
    if (!done) return
    asked.value = false
    await onChanged()
  }
  const facts = [format, pageCount === undefined ? undefined : counted(pageCount, 'page'), chunks === undefined ? undefined : counted(chunks, 'passage'), sizeText(bytes)]
  return (
    <li ref={item} class="card">
      <header>
        <strong dir="auto">{shown(name)}</strong>
        <span class={status === 'failed' ? 'bad' : 'muted'}>{states[status]}</span>
        <span class="muted"><Time at={at} /></span>
      </header>
      <p class="muted">{facts.filter((fact) => fact !== undefined).join(' · ')}</p>
      {status === 'waiting' && <progress aria-label={`Loading ${name}`} />}
      {detail !== undefined && <p class="bad" dir="auto">{shown(detail)} {code !== undefined && <code>{code}</code>}</p>}
      {unread !== undefined && <p class="warn" dir="auto">Not all of it: {shown(unread)}</p>}
      <div class="buttons">
        {(chunks ?? 0) > 0 && (
          <button type="button" class="quiet" aria-expanded={opened.value} onClick={() => (opened.value = !opened.value)}>
            {opened.value ? 'Hide its passages' : 'Show its passages'}
          </button>
        )}
        {status !== 'removing' && (
          <button type="button" class="quiet" onClick={() => (asked.value = true)}>
            Take it out
          </button>
        )}
      </div>
      {opened.value && <DocumentPassages agent={agent} document={document} />}
      {asked.value && (
        <Dialog title={`Take out ${name}?`} onClose={() => (asked.value = false)}>
          <p>It goes with what it has become: {counted(chunks ?? 0, 'passage')}. The file can be loaded again.</p>
          <FormEnd send="Take it out" onSend={() => void remove()} unsendable={doing.busy.value} dangerous leave="Keep it" onLeave={() => (asked.value = false)} problem={doing.problem.value} />
        </Dialog>
      )}
    </li>
  )
}

const pageSize = 10
const noWords: ReadonlySet<string> = new Set()

/** In the order of the document. */
function DocumentPassages({ agent, document: { name, chunks = 0 } }: Omit<DocumentProps, 'onChanged'>) {
  const found = useMemo(
    () =>
      pages<PassageView>(pageSize, ({ op }) => op, async ({ offset, limit }) => {
        // The server's list has the end of the document first.
        // A page is short, or empty, where passages were deleted: the next one begins at the place after it all the same.
        const end = Math.max(0, chunks - offset)
        const from = Math.max(0, end - limit)
        if (end === from) return { items: [], more: false }
        const passages = await agent.client.passages(agent.id, { source: name, offset: from, limit: end - from })
        return { items: passages.toReversed(), more: from > 0 }
      }),
    [agent, name, chunks],
  )
  return (
    <Hits pages={found} empty="It has no passages.">
      {(passage) => <PassageCard key={passage.op} agent={agent} passage={passage} words={noWords} rank={undefined} onChanged={() => found.again()} />}
    </Hits>
  )
}

function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
