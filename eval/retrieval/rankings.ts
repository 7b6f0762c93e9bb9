/** By what `locomo` searches; agents search by both. */
export const rankings = ['words', 'meaning', 'both'] as const
export type RankingName = (typeof rankings)[number]
