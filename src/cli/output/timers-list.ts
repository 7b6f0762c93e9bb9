import type { Timer } from '../../index.ts'
import { columns } from './columns.ts'
import { exactTime, oneLine } from './text.ts'
import { spanText } from '../slash/timer-words.ts'

/** One line for each timer, and one that says what the columns are. */
export function timersList(timers: readonly Timer[]): string[] {
  if (timers.length === 0) return ['No timer waits.']
  const rows = timers.map((timer) => [timer.id, exactTime(timer.dueAt), howOften(timer), oneLine(timer.text, 80)])
  return columns([['TIMER', 'NEXT', 'REPEATS', 'TEXT'], ...rows])
}

export function howOften({ everyMs, left }: Pick<Timer, 'everyMs' | 'left'>): string {
  if (everyMs === undefined) return 'once'
  return `every ${spanText(everyMs)}${left === undefined ? '' : `, ${left} left`}`
}
