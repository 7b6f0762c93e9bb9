import type { Standing } from './conversation.ts'

const words: Readonly<Record<Standing['status'], string>> = { unknown: '…', idle: 'idle', running: 'running', parked: 'parked', archived: 'archived', gone: 'not there' }

export function StandingBadge({ standing }: { readonly standing: Standing }) {
  return <span class={`badge is-${standing.status}`}>{words[standing.status]}</span>
}
