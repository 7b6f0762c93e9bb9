import { costText } from '../../protocol/cost.ts'
import { tookMs, type TurnFigures } from '../../protocol/turn.ts'
import { counted } from './text.ts'

/** What a turn has taken, in one quiet line. */
export function figuresText(figures: TurnFigures): string {
  const { steps, promptTokens, cachedTokens, completionTokens } = figures
  const number = (value: number): string => value.toLocaleString('en-US')
  const cached = cachedTokens > 0 ? ` (${number(cachedTokens)} cached)` : ''
  const cost = costText(figures)
  return [counted(steps, 'step'), `${number(promptTokens)} tokens in${cached}, ${number(completionTokens)} out`, ...(cost === undefined || cost === 'unknown' ? [] : [cost]), `${(tookMs(figures) / 1_000).toFixed(1)} s`].join(' · ')
}
