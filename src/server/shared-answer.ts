/**
 * One question for all who ask at the same time, or shortly after: what anybody may ask, as often as he likes, costs no more than this.
 * @param keptMs how long an answer, or an error, is the answer of those who come later
 */
export function sharedAnswer<Answer>(ask: () => Promise<Answer>, keptMs: number, now: () => number = () => performance.now()): () => Promise<Answer> {
  let asked: { readonly answer: Promise<Answer>; until: number } | undefined
  return () => {
    if (asked !== undefined && now() < asked.until) return asked.answer
    const asking = { answer: ask(), until: Infinity }
    asked = asking
    const over = (): void => {
      asking.until = now() + keptMs
    }
    asking.answer.then(over, over)
    return asking.answer
  }
}
