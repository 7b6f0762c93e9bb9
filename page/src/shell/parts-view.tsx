import type { FunctionComponent } from 'preact'
import { useMemo } from 'preact/hooks'
import { Stays, type StaysAt } from '../parts/unsaved.ts'
import { placeAt } from './address.ts'
import { PartLinks } from './part-links.tsx'
import { useKeptScroll } from './stood-at.ts'

export interface Part<Props> {
  /** In the address: `/agents/NAME/memory/blocks`. */
  readonly name: string
  readonly title: string
  readonly Content: FunctionComponent<Props>
  /** Whether it has what follows its name in an address. Default: nothing may. */
  readonly has?: (rest: readonly string[]) => boolean
}

/** Whether one of the parts has what follows the view's name in an address. */
export const partHas = (parts: readonly Part<never>[], [name, ...rest]: readonly string[]): boolean =>
  name === undefined || parts.some((part) => part.name === name && (part.has?.(rest) ?? rest.length === 0))

interface PartsViewProps<Props> {
  readonly agentId: string
  /** The view's name in the address. */
  readonly view: string
  readonly label: string
  /** The first one is shown where the address names none. */
  readonly parts: readonly [Part<Props>, ...Part<Props>[]]
  /** What follows the view's name in the address. */
  readonly rest: readonly string[]
  /** @param rest what follows the part's name */
  readonly propsOf: (rest: readonly string[]) => Props
}

/** A view that has parts: the links to them, and the one that the address names. What is written in it stays as long as it is shown. */
export function PartsView<Props extends object>({ agentId, view, label, parts, rest: [asked, ...rest], propsOf }: PartsViewProps<Props>) {
  const named = (name: string | undefined): Part<Props> => parts.find((part) => part.name === name) ?? parts[0]
  const { name, Content } = named(asked)
  const box = useKeptScroll<HTMLDivElement>()
  const staysAt = useMemo<StaysAt>(
    () => ({ pathname }) => {
      const to = placeAt(pathname)
      return to.agent === agentId && to.view === view && named(to.rest[0]).name === name
    },
    [agentId, view, name],
  )
  return (
    <div class="sheet" ref={box}>
      <div class={`column ${view}`}>
        <PartLinks label={label} at={{ agent: agentId, view }} parts={parts} current={name} />
        <Stays.Provider value={staysAt}>
          <Content {...propsOf(rest)} />
        </Stays.Provider>
      </div>
    </div>
  )
}
