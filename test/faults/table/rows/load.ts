import type { FaultGroup } from '../row.ts'

export const load: FaultGroup = {
  heading: 'Much at once',
  about: 'Many messages, many agents, many faults.',
  rows: [],
}
