import { effect, signal, type Signal } from '@preact/signals'
import { keptAs } from '../shell/key.ts'
import { read, write } from '../shell/stored.ts'

/**
 * What is being written to an agent. A tab goes on with its own after a reload, whatever was written and sent in another one; a new tab begins with what was
 * written last and not sent.
 */
export function draftOf(agentId: string): Signal<string> {
  const name = `draft.${keptAs(agentId)}`
  let before = read('session', name) ?? read('local', name) ?? ''
  const draft = signal(before)
  effect(() => {
    const { value } = draft
    if (value === before) return
    write('session', name, value)
    // What another tab has put there is not this one's to take away.
    if (value !== '') write('local', name, value)
    else if (read('local', name) === before) write('local', name, undefined)
    before = value
  })
  return draft
}
