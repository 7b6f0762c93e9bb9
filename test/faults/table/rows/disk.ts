import type { FaultGroup } from '../row.ts'

export const disk: FaultGroup = {
  heading: 'A disk is full',
  about: 'A file system of a few megabytes, really filled.',
  rows: [],
}
