import { useSignal, type Signal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { PerdureError, type AgentInput, type HttpClient, type ListedAgent } from '../../../clients/typescript/src/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useDoing } from '../parts/doing.ts'
import { FormEnd } from '../parts/form-end.tsx'
import { addressOf, go } from '../shell/address.ts'
import { inputOf } from './input-of.ts'

export interface NewAgentProps {
  readonly client: HttpClient
  /** The agent that the new one is like; undefined: from scratch. */
  readonly like: ListedAgent | undefined
  readonly onClose: () => void
}

/** Makes an agent: from two texts (who it is, whom it talks to), or like another one. */
export function NewAgent({ client, like, onClose }: NewAgentProps) {
  const name = useSignal('')
  const shownName = useSignal('')
  const tags = useSignal((like?.definition.tags ?? []).join(', '))
  const model = useSignal(like?.definition.model ?? '')
  const persona = useSignal('')
  const human = useSignal('')
  const instructions = useSignal(like?.definition.instructions ?? '')
  const asItIs = useSignal(false)
  /** The name that an agent was asked for under, by this form. */
  const made = useRef<string | undefined>(undefined)
  const doing = useDoing()
  const fields = [name, shownName, tags, model, persona, human, instructions].map(({ value }) => value)
  const began = useRef(fields).current
  const written = fields.some((value, index) => value !== began[index])

  const input = async (): Promise<AgentInput> => {
    const [id, given, list] = [name.value.trim(), shownName.value.trim(), tags.value.split(',').map((tag) => tag.trim()).filter((tag) => tag !== '')]
    const base = like === undefined ? texts() : inputOf(like, asItIs.value ? await client.blocks(like.definition.id) : undefined)
    const own: Partial<AgentInput> = { instructions: instructions.value, ...(model.value.trim() !== '' && { model: model.value.trim() }), ...((like !== undefined || list.length > 0) && { tags: list }) }
    // The other one's name is not this one's.
    const shownAs = given !== '' ? { name: given } : 'name' in base ? { name: id } : {}
    return { ...base, ...own, id, ...shownAs }
  }
  const texts = (): Partial<AgentInput> => ({ ...(persona.value !== '' && { persona: persona.value }), ...(human.value !== '' && { human: human.value }) })
  const create = async (event: Event): Promise<void> => {
    event.preventDefault()
    await doing.run(async () => {
      const wanted = await input()
      // Made alike, the other one would be given for the new one; but it is this one where it was asked for before, and no answer came.
      if (made.current !== wanted.id && (await client.get(wanted.id)) !== undefined) throw new PerdureError('agent-exists', `There is an agent “${wanted.id}” already. Choose another name; or leave this, and find that one in the list.`)
      made.current = wanted.id
      const { agent } = await client.create(wanted)
      go(addressOf({ agent: agent.definition.id, view: 'chat' }), { saved: true })
      return undefined
    })
  }
  return (
    <Dialog title={like === undefined ? 'New agent' : `New agent like ${like.definition.id}`} unsaved={written ? 'a new agent' : undefined} onClose={onClose}>
      <form class="stacked" onSubmit={(event) => void create(event)}>
        <label>
          Name: small letters, digits, - and _
          <input type="text" required pattern="[a-z0-9][a-z0-9_\-]{0,63}" title="Small letters, digits, - and _; a letter or a digit comes first; at most 64 in all" autocomplete="off" spellcheck={false} value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        </label>
        <div class="pair">
          <TextField label="Shown as" value={shownName} />
          <TextField label="Tags, with commas between" value={tags} />
        </div>
        {like === undefined ? (
          <>
            <TextOrFile label="Persona: who the agent is" value={persona} />
            <TextOrFile label="Human: whom it talks to" value={human} />
          </>
        ) : (
          <label class="beside">
            <input type="checkbox" checked={asItIs.value} onChange={(event) => (asItIs.value = event.currentTarget.checked)} />
            Its own blocks begin as those of {like.definition.id} are now; else as those began
          </label>
        )}
        <details>
          <summary>Model and instructions</summary>
          <div class="stacked">
            <TextField label="Model; empty: the server’s" value={model} />
            <TextOrFile label="Instructions of its own" value={instructions} />
          </div>
        </details>
        <FormEnd send="Create and talk to it" unsendable={doing.busy.value} leave="Leave" onLeave={onClose} problem={doing.problem.value} />
      </form>
    </Dialog>
  )
}

const TextField = ({ label, value }: { readonly label: string; readonly value: Signal<string> }) => (
  <label>
    {label}
    <input type="text" value={value.value} onInput={(event) => (value.value = event.currentTarget.value)} />
  </label>
)

function TextOrFile({ label, value }: { readonly label: string; readonly value: Signal<string> }) {
  const read = async (file: File | undefined): Promise<void> => {
    if (file !== undefined) value.value = await file.text()
  }
  return (
    <div class="text-or-file">
      <label>
        {label}
        <textarea rows={3} dir="auto" value={value.value} onInput={(event) => (value.value = event.currentTarget.value)} />
      </label>
      <label class="button quiet">
        From a file
        <input type="file" class="unseen" accept="text/*,.md,.txt" onChange={(event) => void read(event.currentTarget.files?.[0])} />
      </label>
    </div>
  )
}
