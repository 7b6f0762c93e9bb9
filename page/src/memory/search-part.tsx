import { useSignal } from '@preact/signals'
import { useCallback, useContext, useEffect, useId, useMemo } from 'preact/hooks'
import type { ViewProps } from '../live/open-agent.ts'
import { Stays } from '../parts/unsaved.ts'
import { addressOf, go, search } from '../shell/address.ts'
import { ArchivalHits } from './archival-hits.tsx'
import { wordsOf } from './matches.tsx'
import { RecallHits } from './recall-hits.tsx'

/** Both memories that are outside of the window, searched for the same. What is looked for stands in the address. */
export function SearchPart({ agent }: ViewProps) {
  const wanted = wantedIn(search.value)
  const text = useSignal(wanted)
  const [recall, archival] = [useId(), useId()]
  useEffect(() => void (text.value = wanted), [wanted])
  // What is found for other words takes the place of this.
  const partStays = useContext(Stays)
  const stays = useCallback((address: URL) => partStays(address) && wantedIn(address.search) === wanted, [partStays, wanted])
  const words = useMemo(() => wordsOf(wanted), [wanted])
  const find = (event: Event): void => {
    event.preventDefault()
    const query = text.value.trim() === '' ? '' : `?${new URLSearchParams({ q: text.value.trim() }).toString()}`
    go(`${addressOf({ agent: agent.id, view: 'memory', rest: ['search'] })}${query}`)
  }
  return (
    <>
      <form class="find" role="search" onSubmit={find}>
        <label>
          Look for
          <input type="search" value={text.value} dir="auto" onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <button type="submit" class="main">
          Search
        </button>
      </form>
      <Stays.Provider value={stays}>
        <div class="both">
          <section aria-labelledby={recall}>
            <h2 id={recall}>Recall: all that was ever said</h2>
            <RecallHits key={wanted} agent={agent} text={wanted} words={words} />
          </section>
          <section aria-labelledby={archival}>
            <h2 id={archival}>Archival: what was put away</h2>
            <ArchivalHits key={wanted} agent={agent} text={wanted} words={words} />
          </section>
        </div>
      </Stays.Provider>
    </>
  )
}

const wantedIn = (query: string): string => new URLSearchParams(query).get('q') ?? ''
