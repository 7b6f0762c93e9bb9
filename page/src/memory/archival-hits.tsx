import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import type { PassageView } from '../../../clients/typescript/src/index.ts'
import { useOpener } from '../parts/opener.ts'
import { Problem } from '../parts/problem.tsx'
import { Hits } from './hits.tsx'
import { PassageCard } from './passage-card.tsx'
import { pages } from './pages.ts'
import { PassageForm, type NamedTags } from './passage-form.tsx'
import type { HitsProps } from './recall-hits.tsx'
import { useDoing } from '../parts/doing.ts'

const pageSize = 20

/** Passages as they were found, or the newest ones; and a new one. */
export function ArchivalHits({ agent, text, words }: HitsProps) {
  const superseded = useSignal(false)
  const writing = useSignal(false)
  const alone = useSignal(false)
  const adder = useOpener(writing.value)
  const doing = useDoing()
  const old = superseded.value
  const found = useMemo(
    () =>
      pages<PassageView>(pageSize, ({ op }) => op, async (place) => {
        const options = { ...place, ...(old && { superseded: true as const }) }
        if (text === '') return { items: await agent.client.passages(agent.id, options) }
        const { passages, total, byWordsAlone = false } = await agent.client.searchArchival(agent.id, { text, ...options })
        alone.value = byWordsAlone
        return { items: passages, total }
      }),
    [agent, text, old],
  )
  const insert = async (passage: string, tags: NamedTags): Promise<void> => {
    const done = await doing.run(async () => {
      await agent.client.insertPassage(agent.id, passage, tags)
      return 'The passage was added.'
    })
    if (!done) return
    writing.value = false
    await found.again()
  }
  return (
    <>
      <div class="buttons">
        <label class="beside">
          <input type="checkbox" checked={superseded.value} onChange={(event) => (superseded.value = event.currentTarget.checked)} />
          What was superseded, too
        </label>
        <span class="space" />
        {!writing.value && (
          <button type="button" ref={adder} onClick={() => (writing.value = true)}>
            Add a passage
          </button>
        )}
      </div>
      {writing.value && <PassageForm label="A new passage" send="Add" busy={doing.busy.value} onSend={(passage, tags) => void insert(passage, tags)} onClose={() => (writing.value = false)} />}
      {doing.problem.value !== undefined && <Problem error={doing.problem.value} />}
      <Hits pages={found} byWordsAlone={alone.value} empty={text === '' ? 'Nothing was put away yet.' : alone.value ? 'No passage has any of these words.' : 'There are no passages.'}>
        {(passage, index) => <PassageCard key={passage.op} agent={agent} passage={passage} words={words} rank={text === '' ? undefined : index + 1} onChanged={() => found.again()} />}
      </Hits>
    </>
  )
}
