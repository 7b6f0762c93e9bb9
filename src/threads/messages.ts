/** Whoever started a thread calls its functions by name. Arguments and results are what `structuredClone` takes. */
export interface Call {
  readonly id: number
  readonly name: string
  readonly args: readonly unknown[]
}

export type Answer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly thrown: Thrown }

/** An error on its way: a clone alone would lose its class and its code. */
export interface Thrown {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
  readonly cause?: Thrown
}
