import type { FaultGroup } from '../row.ts'

export const clock: FaultGroup = {
  heading: 'A clock jumps',
  about: "The wall clock of a worker; Temporal's own clock goes on.",
  rows: [],
}
