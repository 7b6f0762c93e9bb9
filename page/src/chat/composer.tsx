import type { Signal } from '@preact/signals'
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import type { OpenAgent } from '../live/open-agent.ts'
import { Attached } from '../live/attached.tsx'
import { draftOf } from '../live/draft.ts'
import type { Outbox } from '../live/outbox.ts'
import { isComposing } from '../parts/composing.ts'
import { typedByTouch } from './typed-by-touch.ts'

/** The most that a message may have; the server says so too. */
const mostBytes = 64 * 1024

interface ComposerProps {
  readonly agent: OpenAgent
  readonly outbox: Outbox
  /** What was attached, dropped or pasted and is not loaded yet. */
  readonly files: Signal<readonly File[]>
}

/** Where one writes. What is written stays over a reload, for each agent. */
export function Composer({ agent, outbox, files }: ComposerProps) {
  const { id, conversation } = agent
  const draft = useMemo(() => draftOf(id), [id])
  const field = useRef<HTMLTextAreaElement>(null)
  const standing = conversation.standing.value
  const over = standing.status === 'archived' || standing.status === 'gone'
  useLayoutEffect(() => {
    // There the keyboard would cover half of what one came to read.
    if (!typedByTouch()) field.current?.focus()
  }, [id])
  useLayoutEffect(() => {
    const { current } = field
    if (current === null) return
    current.style.height = 'auto'
    current.style.height = `${Math.min(current.scrollHeight + 2, 240)}px`
  }, [draft.value])

  const tooLong = useMemo(() => draft.value.length > mostBytes / 3 && new Blob([draft.value]).size > mostBytes, [draft.value])
  const empty = draft.value.trim() === ''
  const send = (): void => {
    const text = draft.value
    if (empty || over || tooLong) return
    outbox.send(text)
    draft.value = ''
  }
  const asDocument = (): void => {
    files.value = [...files.value, new File([draft.value], `pasted ${new Date().toISOString().slice(0, 19).replaceAll(':', '.')}.txt`)]
    draft.value = ''
  }
  const typed = (event: KeyboardEvent): void => {
    if (isComposing(event)) return
    if (event.key === 'Enter' && !event.shiftKey && !typedByTouch()) {
      event.preventDefault()
      send()
    }
  }
  const paste = (event: ClipboardEvent): void => {
    const given = [...(event.clipboardData?.files ?? [])]
    // Of text that is copied, office programs give a picture too: it is the text that is meant.
    const isTextToo = event.clipboardData?.types.includes('text/plain') === true && given.every(({ type }) => type.startsWith('image/'))
    if (given.length === 0 || isTextToo) return
    event.preventDefault()
    files.value = [...files.value, ...given]
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Attached agent={agent} files={files} />
      {tooLong && (
        <p class="too-long" role="status">
          A message has at most 64 KiB.{' '}
          <button type="button" onClick={() => asDocument()}>
            Load this text as a document
          </button>
        </p>
      )}
      <label class="unseen" for="message">
        Message to {id}
      </label>
      <textarea
        id="message"
        ref={field}
        rows={1}
        dir="auto"
        placeholder={over ? '' : `Message ${id}`}
        disabled={over}
        value={draft.value}
        onInput={(event) => (draft.value = event.currentTarget.value)}
        onKeyDown={typed}
        onPaste={paste}
      />
      <label class="button quiet icon" title="Load files into the agent's archival memory">
        <svg aria-hidden="true" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
          <path d="M20 11.5 11.8 19.7a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.4a1.6 1.6 0 0 1-2.3-2.3l7.8-7.7" />
        </svg>
        <span class="unseen">Load files into archival memory</span>
        <input
          type="file"
          multiple
          class="unseen"
          disabled={over}
          onChange={(event) => {
            files.value = [...files.value, ...(event.currentTarget.files ?? [])]
            event.currentTarget.value = ''
          }}
        />
      </label>
      <button type="submit" class="main" disabled={over || empty || tooLong}>
        Send
      </button>
    </form>
  )
}
