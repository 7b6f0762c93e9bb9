const usually = 1_000

/**
 * So far the matches of a question are counted, and one more where the page ends later, so that it is known whether another follows: counting a
 * million takes longer than finding ten of them, and nobody reads the difference.
 */
export const countedUpTo = ({ offset, limit }: { readonly offset: number; readonly limit: number }): number => Math.max(usually, offset + limit + 1)

/** What was counted of one more than is asked for. */
export const countOf = (counted: number, most: number): { readonly total: number; readonly atLeast?: true } =>
  counted > most ? { total: most, atLeast: true } : { total: counted }
