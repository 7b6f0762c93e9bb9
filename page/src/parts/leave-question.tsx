import { Dialog } from './dialog.tsx'
import { FormEnd } from './form-end.tsx'
import { shown } from './shown.ts'
import { leaving } from './unsaved.ts'

const inWords = (lost: readonly string[]): string => (lost.length < 2 ? lost.join() : `${lost.slice(0, -1).join(', ')} and ${lost.at(-1) ?? ''}`)

/** Asks before something that is not saved is left. */
export function LeaveQuestion() {
  const { value: question } = leaving
  if (question === undefined) return null
  const stay = (): void => {
    if (leaving.value === undefined) return
    leaving.value = undefined
    question.stay?.()
  }
  const leave = (): void => {
    leaving.value = undefined
    question.leave()
  }
  return (
    // Of its own each time: it stands above whatever was opened since the last one.
    <Dialog key={question} title="Leave without saving?" onClose={stay}>
      <div class="stacked">
        <p dir="auto">What you have written is not saved: {shown(inWords([...new Set(question.lost)]))}. It is lost if you leave.</p>
        <FormEnd send="Leave without saving" onSend={leave} unsendable={false} dangerous leave="Stay" onLeave={stay} />
      </div>
    </Dialog>
  )
}
