import { useSignal } from '@preact/signals'
import { Dialog } from '../parts/dialog.tsx'
import { FormEnd } from '../parts/form-end.tsx'
import type { BlockProps } from './block-props.ts'
import { useDoing } from '../parts/doing.ts'

/** Another label for a block, which stays the same block. */
export function BlockRename({ agent, block: { label }, onChanged, onClose }: BlockProps & { readonly onClose: () => void }) {
  const text = useSignal(label)
  const doing = useDoing()
  const wanted = text.value.trim()
  const rename = async (event: Event): Promise<void> => {
    event.preventDefault()
    const done = await doing.run(async () => {
      await agent.client.update(agent.id, { blocks: { [label]: { label: wanted } } })
      return `${label} is called ${wanted} now.`
    })
    if (done) await onChanged()
  }
  return (
    <Dialog title={`Rename ${label}`} onClose={onClose}>
      <form class="stacked" onSubmit={(event) => void rename(event)}>
        <p>It stays the same block, with what is in it and its versions. {agent.id} sees the new label from its next step on.</p>
        <label>
          Label
          <input type="text" autocomplete="off" spellcheck={false} maxLength={100} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        <FormEnd send="Rename" unsendable={doing.busy.value || wanted === '' || wanted === label} leave="Leave it as it is" onLeave={onClose} problem={doing.problem.value} />
      </form>
    </Dialog>
  )
}
