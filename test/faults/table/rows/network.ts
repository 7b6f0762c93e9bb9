import type { FaultGroup } from '../row.ts'

export const network: FaultGroup = {
  heading: 'The network breaks',
  about: 'Between a process and a server, both of which live on.',
  rows: [],
}
