import { useSignal } from '@preact/signals'
import type { PassageView } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Diff } from '../parts/diff.tsx'
import { FormEnd } from '../parts/form-end.tsx'
import { useKeyboardPasses } from '../parts/keyboard-passes.ts'
import { useOpener } from '../parts/opener.ts'
import { codeOf, Problem } from '../parts/problem.tsx'
import { cut, shown } from '../parts/shown.ts'
import { Time } from '../parts/time.tsx'
import { TurnLink } from '../shell/turn-link.tsx'
import { useDoing } from '../parts/doing.ts'
import { Why } from './hits.tsx'
import { isLong, matched, Matches } from './matches.tsx'
import { PassageForm, type NamedTags } from './passage-form.tsx'

export interface PassageCardProps {
  readonly agent: OpenAgent
  readonly passage: PassageView
  readonly words: ReadonlySet<string>
  /** Absent where nothing was looked for. */
  readonly rank: number | undefined
  readonly onChanged: () => Promise<void>
}

/** A passage with where it comes from, and what a person can do with it. */
export function PassageCard({ agent: { client, id }, passage: listed, words, rank, onChanged }: PassageCardProps) {
  /** As others have made it meanwhile: loaded by itself, since a new search might not find it, and would take the card away with what was typed. */
  const loaded = useSignal<PassageView | undefined>(undefined)
  const passage = (loaded.value?.edits?.length ?? 0) > (listed.edits?.length ?? 0) ? (loaded.value ?? listed) : listed
  const { op, text, tags, at, edits = [], supersededBy, supersedes } = passage
  const asked = useSignal<'edit' | 'supersede' | 'delete' | undefined>(undefined)
  const [editor, superseder] = [useOpener(asked.value === 'edit'), useOpener(asked.value === 'supersede')]
  const item = useKeyboardPasses<HTMLLIElement>()
  const whole = useSignal(false)
  const doing = useDoing()
  /** Behind the question whether to delete it, the buttons stay: the keyboard comes back to one. */
  const inForm = asked.value === 'edit' || asked.value === 'supersede'
  const close = (): void => void (asked.value = undefined)
  const change = async (work: () => Promise<string>): Promise<void> => {
    if (!(await doing.run(work))) return
    close()
    await onChanged()
  }
  /** As it was when somebody began to edit it, or was shown what others have made of it. */
  const seen = useSignal({ text, tags, edits: edits.length })
  const begin = (): void => {
    seen.value = { text, tags, edits: edits.length }
    asked.value = 'edit'
  }
  const edit = (next: string, named: NamedTags) =>
    change(async () => {
      try {
        await client.editPassage(id, op, next, { ...named, ifEdits: edits.length })
      } catch (error) {
        if (codeOf(error) === 'passage-conflict') loaded.value = await client.passage(id, op)
        throw error
      }
      return 'The passage was corrected.'
    })
  const meanwhile = asked.value === 'edit' && edits.length !== seen.value.edits
  const supersede = (next: string, named: NamedTags) => change(async () => (await client.supersedePassage(id, op, next, named), 'The new passage has taken its place.'))
  const remove = () => change(async () => (await client.deletePassage(id, op), 'The passage was deleted.'))
  const last = edits.at(-1)
  return (
    <li ref={item} class={`card${supersededBy === undefined ? '' : ' superseded'}`}>
      <header>
        <strong dir="auto">
          <Origin agentId={id} passage={passage} />
        </strong>
        <span class="muted"><Time at={at} /></span>
        {tags.map((tag) => (
          <span key={tag} class="tag" dir="auto">{shown(tag)}</span>
        ))}
      </header>
      {asked.value === 'edit' ? (
        <PassageForm label="What it says" send={meanwhile ? 'Correct over theirs' : 'Correct it'} text={text} tags={tags} busy={doing.busy.value} onSend={(next, named) => void edit(next, named)} onClose={close} />
      ) : (
        <Matches text={text} wanted={words} whole={whole.value} />
      )}
      {meanwhile && (
        <div class="meanwhile" role="status">
          <p>Meanwhile it was edited by {shown(last?.by ?? 'somebody else')}. Your text stays here; if you save it, it takes the place of theirs:</p>
          <Diff before={seen.value.text} after={text} around={60} />
          {seen.value.tags.join() !== tags.join() && (
            <>
              <p>Its tags, which stay theirs unless you have written others:</p>
              <Diff before={seen.value.tags.join(', ')} after={tags.join(', ')} around={60} />
            </>
          )}
        </div>
      )}
      {asked.value === 'supersede' && <PassageForm label="What holds now, in its place" send="Supersede it" tags={tags} busy={doing.busy.value} onSend={(next, named) => void supersede(next, named)} onClose={close} />}
      {last !== undefined && (
        <p class="muted">
          Corrected by {shown(last.by)}, <Time at={last.at} />
          {edits.length > 1 && ` (${edits.length} times in all)`}
        </p>
      )}
      {supersedes !== undefined && <p class="muted">It has taken the place of an earlier passage.</p>}
      {supersededBy !== undefined && <p class="muted">It was superseded: the agent does not find it any more.</p>}
      {doing.problem.value !== undefined && asked.value !== 'delete' && <Problem error={doing.problem.value} />}
      {rank !== undefined && <Why rank={rank} words={matched(text, words)} otherwise="has none of the words as they were typed: found by another form of them, or by what it means" />}
      <div class="buttons">
        {isLong(text) && asked.value !== 'edit' && (
          <button type="button" class="quiet" onClick={() => (whole.value = !whole.value)}>
            {whole.value ? 'Show less' : 'Show all of it'}
          </button>
        )}
        {supersededBy === undefined && !inForm && (
          <>
            <button type="button" class="quiet" ref={editor} onClick={begin}>Edit</button>
            <button type="button" class="quiet" ref={superseder} onClick={() => (asked.value = 'supersede')}>Supersede</button>
          </>
        )}
        {!inForm && <button type="button" class="quiet" onClick={() => (asked.value = 'delete')}>Delete</button>}
      </div>
      {asked.value === 'delete' && (
        <Dialog title="Delete this passage?" onClose={close}>
          <p dir="auto">{shown(cut(text, 200))}</p>
          <p>Nothing brings it back.</p>
          <FormEnd send="Delete for good" onSend={() => void remove()} unsendable={doing.busy.value} dangerous leave="Keep it" onLeave={close} problem={doing.problem.value} />
        </Dialog>
      )}
    </li>
  )
}

function Origin({ agentId, passage: { origin, source } }: { readonly agentId: string; readonly passage: PassageView }) {
  if (origin.by === 'person') return <>by {shown(origin.name)}</>
  if (origin.by === 'document') return <>from {shown(origin.document)}</>
  return (
    <>
      {source === 'page_out' ? 'paged out' : 'put away'} by the agent
      {origin.turn !== undefined && (
        <>
          , in <TurnLink agentId={agentId} turn={origin.turn} />
        </>
      )}
    </>
  )
}
