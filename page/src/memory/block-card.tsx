import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { LongText } from '../parts/long-text.tsx'
import { useOpener } from '../parts/opener.ts'
import { shown } from '../parts/shown.ts'
import { Link } from '../shell/link.tsx'
import { BlockEdit } from './block-edit.tsx'
import type { BlockProps } from './block-props.ts'
import { BlockRename } from './block-rename.tsx'
import { BlockVersions } from './block-versions.tsx'
import { SharedWith } from './shared-with.tsx'

/** One block: what is in it, how much room is left, and what a person can do with it. @param opened its versions too */
export function BlockCard({ agent, block, opened, onChanged }: BlockProps & { readonly opened: boolean }) {
  const { label, description, value, limit, readOnly, version } = block
  const doing = useSignal<'edit' | 'rename' | undefined>(undefined)
  const heading = useId()
  const editor = useOpener(doing.value === 'edit')
  const close = (): void => void (doing.value = undefined)
  const done = async (): Promise<void> => {
    close()
    await onChanged()
  }
  return (
    <section class="card block" aria-labelledby={heading}>
      <header>
        <h2 id={heading} dir="auto">
          {shown(label)}
        </h2>
        {readOnly && <span class="badge">only people may write it</span>}
        <span class="space" />
        <span class="muted">{version === 0 ? 'never written' : `version ${version}`}</span>
      </header>
      {description !== '' && <p class="muted" dir="auto">{shown(description)}</p>}
      <Room used={value.length} limit={limit} />
      {doing.value === 'edit' ? <BlockEdit agent={agent} block={block} onChanged={onChanged} onDone={done} onClose={close} /> : value === '' ? <p class="muted">There is nothing in it.</p> : <LongText text={value} />}
      <SharedWith agent={agent} block={block} />
      {doing.value !== 'edit' && (
        <div class="buttons">
          <button type="button" ref={editor} onClick={() => (doing.value = 'edit')}>
            Edit<span class="unseen"> {label}</span>
          </button>
          <button type="button" onClick={() => (doing.value = 'rename')}>
            Rename<span class="unseen"> {label}</span>
          </button>
          <Link class="button" to={{ agent: agent.id, view: 'memory', rest: opened ? ['blocks'] : ['blocks', label] }}>
            {opened ? 'Hide versions' : 'Versions'}
            <span class="unseen"> of {label}</span>
          </Link>
        </div>
      )}
      {doing.value === 'rename' && <BlockRename agent={agent} block={block} onChanged={done} onClose={close} />}
      {opened && <BlockVersions agent={agent} block={block} onChanged={onChanged} />}
    </section>
  )
}

/** Nearly full is worth a colour: what no longer fits, an agent has to put elsewhere. */
const nearlyFull = 0.9

function Room({ used, limit }: { readonly used: number; readonly limit: number }) {
  return (
    <div class="room">
      <meter min={0} max={limit} high={limit * nearlyFull} optimum={0} value={Math.min(used, limit)} aria-label="Characters in use" />
      <span class={used > limit * nearlyFull ? 'warn' : 'muted'}>
        {used.toLocaleString('en')} of {limit.toLocaleString('en')} characters
      </span>
    </div>
  )
}
