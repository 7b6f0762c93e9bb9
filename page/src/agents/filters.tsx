import { useEffect, useRef } from 'preact/hooks'
import type { ListedAgents, Wanted } from './listed.ts'

/** While somebody types nothing is asked. */
const typingMs = 250
const statuses = ['live', 'parked', 'asleep', 'archived'] as const

export function Filters({ list }: { readonly list: ListedAgents }) {
  const { name, tag, model, status } = list.wanted.value
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const change = (changes: Partial<Wanted>): void => list.find({ ...list.wanted.value, ...changes })
  const soon = (changes: Partial<Wanted>): void => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => change(changes), typingMs)
  }
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        Name begins with
        <input type="search" value={name} spellcheck={false} onInput={(event) => soon({ name: event.currentTarget.value.trim().toLowerCase() })} />
      </label>
      <label>
        Tag
        <input type="search" value={tag} onInput={(event) => soon({ tag: event.currentTarget.value.trim() })} />
      </label>
      <label>
        Model
        <input type="search" value={model} spellcheck={false} onInput={(event) => soon({ model: event.currentTarget.value.trim() })} />
      </label>
      <label>
        Status
        <select value={status} onChange={(event) => change({ status: statuses.find((one) => one === event.currentTarget.value) ?? '' })}>
          <option value="">any</option>
          {statuses.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
    </form>
  )
}
