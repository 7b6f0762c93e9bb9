import type { TurnFigures } from '../../../clients/typescript/src/index.ts'
import { counted } from './shown.ts'

/** Of a turn, or of what there has been of it. */
export type Figures = Omit<TurnFigures, 'latencyMs'> & Partial<Pick<TurnFigures, 'latencyMs'>>

const number = (value: number): string => value.toLocaleString('en')

/** `1.2k`, `3.4M`: for narrow places. */
export const shortNumber = (value: number): string => new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value)

/** `$0.0123`; undefined where no price was known. @param micros millionths of a dollar */
export function costText({ costMicros, unpriced = 0 }: Pick<Figures, 'costMicros' | 'unpriced'>): string | undefined {
  if (costMicros === undefined) return undefined
  const [whole = '0', part = ''] = (costMicros / 1_000_000).toFixed(6).split('.')
  return `${unpriced > 0 ? 'at least ' : ''}$${whole}.${part.replace(/0+$/, '').padEnd(2, '0')}`
}

const timeText = (milliseconds: number): string => (milliseconds < 100 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`)

/** What a turn has taken, in one quiet line. */
export function FiguresLine(figures: Figures) {
  const { steps, promptTokens, cachedTokens, completionTokens, latencyMs, waitedMs = 0 } = figures
  const cached = cachedTokens > 0 ? ` (${number(cachedTokens)} cached)` : ''
  const parts = [
    counted(steps, 'step'),
    `${number(promptTokens)} tokens in${cached}, ${number(completionTokens)} out`,
    costText(figures),
    latencyMs === undefined ? undefined : timeText(latencyMs - waitedMs),
  ]
  return <span class="figures">{parts.filter((part) => part !== undefined).join(' · ')}</span>
}
