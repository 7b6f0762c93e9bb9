import type { AgentPageOptions } from '../../../clients/typescript/src/index.ts'

/** Which agents are looked for; empty: whichever. It stands in the address, so that the way back leads to it, and others can be sent to it. */
export interface Wanted {
  /** Beginning of the name. */
  readonly name: string
  readonly tag: string
  readonly model: string
  readonly status: NonNullable<AgentPageOptions['status']> | ''
}

export const everything: Wanted = { name: '', tag: '', model: '', status: '' }
export const statuses = ['live', 'parked', 'asleep', 'archived'] as const
export const statusIn = (text: string | null): Wanted['status'] => statuses.find((one) => one === text) ?? ''

export function wantedIn(search: string): Wanted {
  const given = new URLSearchParams(search)
  return { name: given.get('name') ?? '', tag: given.get('tag') ?? '', model: given.get('model') ?? '', status: statusIn(given.get('status')) }
}

export function addressOfWanted(wanted: Wanted): string {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, text]) => text !== '')).toString()
  return query === '' ? '/' : `/?${query}`
}
