import { signal, useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { Attached } from '../live/attached.tsx'
import type { ViewProps } from '../live/open-agent.ts'
import { Problem } from '../parts/problem.tsx'
import { counted } from '../parts/shown.ts'
import { DocumentCard, type StoredDocument } from './document-card.tsx'
import { Hits } from './hits.tsx'
import { pages } from './pages.ts'

const pageSize = 50
/** While something is loaded or removed, how far it is is asked for so often. */
const lookAgainMs = 2_000

/** The documents that were given to the agent, how far each is, and what it has become. */
export function DocumentsPart({ agent }: ViewProps) {
  const files = useMemo(() => signal<readonly File[]>([]), [agent])
  const found = useMemo(
    () => pages<StoredDocument>(pageSize, ({ name }) => name, async (place) => {
      const { documents, total } = await agent.client.documents(agent.id, place)
      return { items: documents, total }
    }),
    [agent],
  )
  const problem = useSignal<unknown>(undefined)
  const onTheWay = files.value.length > 0 || found.items.value.some(({ status }) => status === 'waiting' || status === 'removing')
  useEffect(() => {
    if (!onTheWay) return
    const timer = setInterval(() => void found.again(), lookAgainMs)
    return () => {
      clearInterval(timer)
      void found.again()
    }
  }, [found, onTheWay])
  return (
    <>
      <div class="buttons">
        <label class="button">
          Load documents
          <input type="file" multiple class="unseen" onChange={({ currentTarget }) => {
            files.value = [...files.value, ...(currentTarget.files ?? [])]
            currentTarget.value = ''
          }} />
        </label>
        {found.total.value !== undefined && <span class="muted">{counted(found.total.value, 'document')}</span>}
      </div>
      <Attached agent={agent} files={files} />
      {problem.value !== undefined && <Problem error={problem.value} />}
      <Hits pages={found} empty="It has no documents.">
        {(document) => <DocumentCard key={document.name} agent={agent} document={document} onChanged={() => found.again()} />}
      </Hits>
    </>
  )
}
