/**
 * Asks, and where the server refuses the request makes the indexes and asks once more: the process that made the collection may have died before
 * it came to them, and nothing is read in an order without one.
 */
export async function withIndexes<Answer>(createIndexes: () => Promise<unknown>, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (!isRefused(error)) throw error
    await createIndexes()
    return ask()
  }
}

const isRefused = (error: unknown): boolean => error instanceof Error && 'status' in error && error.status === 400
