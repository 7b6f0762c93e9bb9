import type { TurnEnded } from '../live/conversation.ts'
import type { Turn } from '../live/turns.ts'
import { shown } from '../parts/shown.ts'

/** How the turn ended, where that does not go without saying. */
export function TurnEndLine({ turn, end }: { readonly turn: Turn; readonly end: TurnEnded | undefined }) {
  if (end === undefined) return null
  const detail = end.detail === undefined ? '' : `: ${shown(end.detail)}`
  switch (end.end) {
    case 'completed':
      return turn.replies === 0 ? <p class="remark">No reply{detail}.</p> : null
    case 'cancelled':
      return <p class="remark warn">Cancelled{detail === '' ? ': what was finished until then is kept.' : detail}</p>
    case 'stopped':
      return (
        <p class="remark warn">
          Stopped ({end.reason ?? 'unknown'}){detail}
        </p>
      )
  }
}
