/** What the reading of one document may take. What needs more fails by name, at once, and is not tried again. */
export interface ReadingBounds {
  /** Of the thread's own work; while the store takes its chunks no time is counted. */
  readonly seconds: number
  /** Of the thread's heap, and as much of the buffers that are not in it. */
  readonly megabytes: number
}

export const usualBounds: ReadingBounds = { seconds: 180, megabytes: 1024 }
