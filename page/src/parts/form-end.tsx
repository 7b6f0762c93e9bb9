import { Problem } from './problem.tsx'

interface FormEndProps {
  /** What is done, on its button. */
  readonly send: string
  /** Of a question without a form. */
  readonly onSend?: () => void
  readonly unsendable: boolean
  /** It takes something away for good. */
  readonly dangerous?: boolean
  readonly leave: string
  readonly onLeave: () => void
  /** Why it was not done. */
  readonly problem?: unknown
}

/** With what a form ends, or a question: why it was not done, the button that does it, and the one that leaves all as it is. */
export function FormEnd({ send, onSend, unsendable, dangerous = false, leave, onLeave, problem }: FormEndProps) {
  return (
    <>
      {problem !== undefined && <Problem error={problem} />}
      <div class="buttons">
        <button type={onSend === undefined ? 'submit' : 'button'} class={dangerous ? 'danger' : 'main'} disabled={unsendable} onClick={onSend}>
          {send}
        </button>
        {/* What one key does is what does no harm. */}
        <button type="button" autofocus={dangerous} onClick={onLeave}>
          {leave}
        </button>
      </div>
    </>
  )
}
