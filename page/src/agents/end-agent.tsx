import { useSignal } from '@preact/signals'
import type { HttpClient, ListedAgent } from '../../../clients/typescript/src/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useDoing } from '../parts/doing.ts'
import { FormEnd } from '../parts/form-end.tsx'
import { counted } from '../parts/shown.ts'

export interface EndAgentProps {
  readonly client: HttpClient
  readonly agent: ListedAgent
  readonly how: 'archive' | 'delete'
  readonly onClose: (done: boolean) => void
}

/** Archives an agent, or deletes it when its name was typed: nothing brings it back. */
export function EndAgent({ client, agent: { definition: { id }, recall = 0 }, how, onClose }: EndAgentProps) {
  const typed = useSignal('')
  const doing = useDoing()
  const end = async (event: Event): Promise<void> => {
    event.preventDefault()
    const done = await doing.run(async () => {
      if (how === 'delete') await client.delete(id)
      else await client.command(id, { type: 'archive', erase: false })
      return `${id} is ${how === 'delete' ? 'deleted' : 'archived'}.`
    })
    if (done) onClose(true)
  }
  return (
    <Dialog title={how === 'delete' ? `Delete ${id}?` : `Archive ${id}?`} onClose={() => onClose(false)}>
      <form class="stacked" onSubmit={(event) => void end(event)}>
        {how === 'delete' ? (
          <p>
            All that is stored of it goes: {counted(recall, 'message')}, its memory, its documents. Nothing brings it back. Blocks that other agents share stay.
          </p>
        ) : (
          <p>It takes no more messages. Its memory is kept, and its name stays taken.</p>
        )}
        {how === 'delete' && (
          <label>
            Type <strong>{id}</strong> to delete it
            <input type="text" autocomplete="off" spellcheck={false} value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} />
          </label>
        )}
        <FormEnd
          send={how === 'delete' ? 'Delete for good' : 'Archive'}
          unsendable={doing.busy.value || (how === 'delete' && typed.value !== id)}
          dangerous
          leave="Keep it"
          onLeave={() => onClose(false)}
          problem={doing.problem.value}
        />
      </form>
    </Dialog>
  )
}
