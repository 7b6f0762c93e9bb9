import type { StoredMessage } from '../../../clients/typescript/src/index.ts'
import { LongText } from '../parts/long-text.tsx'
import { cut, shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'

const names: Readonly<Record<string, string>> = {
  'system-message': 'System',
  login: 'Login',
  upload: 'Document',
  timer: 'Timer',
  heartbeat: 'Heartbeat',
  'memory-pressure': 'Memory pressure',
  'agent-message': 'Another agent',
  notice: 'Notice',
}

/** A word of the runtime, or what woke the agent beside a person's message. */
export function NoticeView({ message: { kind, role, toolName, text, at } }: { readonly message: StoredMessage }) {
  const name = names[kind ?? ''] ?? toolName ?? role
  return (
    <details class="line notice">
      <summary>
        <span class="label">{shown(name)}</span> <span class="gist" dir="auto">{shown(cut(text, 200))}</span> <Time at={at} />
      </summary>
      <LongText text={text} />
    </details>
  )
}
