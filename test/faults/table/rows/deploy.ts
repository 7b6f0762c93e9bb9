import type { FaultGroup } from '../row.ts'

export const deploy: FaultGroup = {
  heading: 'A new version is deployed',
  about: 'While agents run.',
  rows: [],
}
