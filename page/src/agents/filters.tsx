import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { go } from '../shell/address.ts'
import { addressOfWanted, statuses, statusIn, type Wanted } from './wanted.ts'

/** While somebody types nothing is asked. */
const typingMs = 250

/** As it is looked for. What stands in the fields stays as it is typed. */
const meant = ({ name, tag, model, status }: Wanted): Wanted => ({ name: name.trim().toLowerCase(), tag: tag.trim(), model: model.trim(), status })

export function Filters({ wanted }: { readonly wanted: Wanted }) {
  const typed = useSignal(wanted)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** Where what was typed has led last. */
  const led = useRef(addressOfWanted(wanted))
  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    // Another one was asked for elsewhere: by a tag, or by the way back.
    const address = addressOfWanted(wanted)
    if (address === led.current) return
    led.current = address
    // What was typed just before would take it back.
    clearTimeout(timer.current)
    if (addressOfWanted(meant(typed.value)) !== address) typed.value = wanted
  }, [wanted])
  const change = (changes: Partial<Wanted>, inMs = typingMs): void => {
    typed.value = { ...typed.value, ...changes }
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      led.current = addressOfWanted(meant(typed.value))
      go(led.current, { replace: true })
    }, inMs)
  }
  const { name, tag, model, status } = typed.value
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        Name begins with
        <input type="search" value={name} spellcheck={false} onInput={(event) => change({ name: event.currentTarget.value })} />
      </label>
      <label>
        Tag
        <input type="search" value={tag} onInput={(event) => change({ tag: event.currentTarget.value })} />
      </label>
      <label>
        Model
        <input type="search" value={model} spellcheck={false} onInput={(event) => change({ model: event.currentTarget.value })} />
      </label>
      <label>
        Status
        <select value={status} onChange={(event) => change({ status: statusIn(event.currentTarget.value) }, 0)}>
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
