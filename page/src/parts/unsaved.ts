import { signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext, useLayoutEffect } from 'preact/hooks'

/** Whether what is at this place is there still at that address of the page. */
export type StaysAt = (address: URL) => boolean

/** Of what surrounds a form. Default: it goes with whatever address follows. */
export const Stays = createContext<StaysAt>(() => false)

interface Unsaved {
  /** Of what it is: `the block human`. */
  readonly what: string
  readonly staysAt: StaysAt
}

const all = new Set<Unsaved>()

/** What would be lost at that address; without one, whatever there is. */
export const lostAt = (address?: URL): readonly string[] => [...all].filter(({ staysAt }) => address === undefined || !staysAt(address)).map(({ what }) => what)

const askFirst = (event: BeforeUnloadEvent): void => event.preventDefault()

/**
 * While a form has what is saved nowhere, the browser asks before it leaves the page or loads it anew, and the page before it shows something else in the
 * form's place.
 *
 * @param what the form is of; undefined: nothing of it would be lost
 */
export function useUnsaved(what: string | undefined): void {
  const staysAt = useContext(Stays)
  // Before anybody can click.
  useLayoutEffect(() => {
    if (what === undefined) return
    const one = { what, staysAt }
    if (all.size === 0) addEventListener('beforeunload', askFirst)
    all.add(one)
    return () => {
      all.delete(one)
      if (all.size === 0) removeEventListener('beforeunload', askFirst)
    }
  }, [what, staysAt])
}

/** What is asked before something unsaved is left. */
export interface Leaving {
  readonly lost: readonly string[]
  readonly leave: () => void
  readonly stay?: (() => void) | undefined
}

export const leaving = signal<Leaving | undefined>(undefined)

/** Leaves at once where nothing is lost, and says whether it has; else once the person has said so. */
export function leaveIfAllowed(question: Leaving): boolean {
  if (question.lost.length > 0) {
    leaving.value = question
    return false
  }
  question.leave()
  return true
}
