import { useSignal } from '@preact/signals'
import type { AgentChanges, AgentDefinition, BlockDefinition } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { shown } from '../parts/shown.ts'
import { Link } from '../shell/link.tsx'
import { Card } from './card.tsx'
import { ChangeForm } from './change-form.tsx'
import type { Field } from './fields.ts'
import { Taken } from './taken.tsx'

interface BlocksProps {
  readonly agent: OpenAgent
  /** Of the agent, by which ids of its own blocks begin. */
  readonly agentKey: string
  readonly definition: AgentDefinition
  readonly editable: boolean
}

/** Which blocks of core memory it has, and how each may be written. What is in them stands in the Memory view. */
export function BlocksSection({ agent, agentKey, definition: { blocks }, editable }: BlocksProps) {
  const open = useSignal<string | undefined>(undefined)
  const detaching = useSignal<string | undefined>(undefined)
  const close = (): void => void (open.value = detaching.value = undefined)
  const adding = open.value === newBlock
  return (
    <Card title="Blocks" note="What is in them stands in Memory; here is which there are, and how they may be written." act={editable ? 'Attach' : undefined} open={adding} onOpen={() => (open.value = newBlock)}>
      {adding && <ChangeForm agent={agent} of="a new block" fields={newFields} said="The block is attached." changes={attached} inErrors={attachedPath} send="Attach" leave="Leave" onClose={close} />}
      {blocks.length === 0 && !adding && <p class="muted">It has none.</p>}
      {blocks.map((block) => (
        <Card
          key={block.blockId}
          title={block.label}
          level={3}
          badges={badgesOf(block, agentKey)}
          act={editable ? 'Edit' : undefined}
          open={open.value === block.blockId}
          onOpen={() => (open.value = block.blockId)}
          more={editable && <button type="button" class="quiet" onClick={() => (detaching.value = block.label)}>Detach<span class="unseen"> {block.label}</span></button>}
        >
          {open.value === block.blockId ? (
            <ChangeForm agent={agent} of={`block ${block.label}`} fields={fieldsOf(block, agentKey)} said={`${block.label}: saved.`} onClose={close} />
          ) : (
            <>
              {block.description !== '' && <p dir="auto">{shown(block.description)}</p>}
              <p class="muted">
                At most {block.limit.toLocaleString('en')} characters ·{' '}
                <Link to={{ agent: agent.id, view: 'memory', rest: ['blocks', block.label] }}>
                  what is in it<span class="unseen">: {block.label}</span>
                </Link>
              </p>
            </>
          )}
        </Card>
      ))}
      {detaching.value !== undefined && (
        <Taken agent={agent} title={`Detach ${detaching.value}?`} send="Detach" said={`${detaching.value} is detached.`} changes={{ blocks: { [detaching.value]: null } }} onClose={close}>
          <p>The agent does not see it from its next step on. What is in it is kept: attached again under this label, it comes back with it.</p>
        </Taken>
      )}
    </Card>
  )
}

/** No block has this id. */
const newBlock = ''

const isOwn = ({ blockId }: BlockDefinition, agentKey: string): boolean => blockId.startsWith(`${agentKey}/`)

function badgesOf(block: BlockDefinition, agentKey: string): readonly string[] {
  const { blockId, readOnly, shared } = block
  return [...(readOnly ? ['only people may write it'] : []), ...(isOwn(block, agentKey) ? (shared === true ? ['others may have it'] : []) : [`shared: ${blockId}`])]
}

const flag = (value: boolean | undefined): string => (value === true ? 'yes' : '')

function fieldsOf(block: BlockDefinition, agentKey: string): readonly Field[] {
  const { label, description, limit, readOnly, shared } = block
  const at = (name: string): readonly string[] => ['blocks', label, name]
  return [
    { path: at('label'), label: 'Label', kind: 'line', text: label, note: 'Another one renames it: it stays the same block.' },
    { path: at('limit'), label: 'Limit', kind: 'number', text: String(limit), note: 'Characters.' },
    { path: at('description'), label: 'Description', kind: 'text', text: description, note: 'The model reads it: what belongs here.' },
    { path: at('readOnly'), label: 'Only people may write it', kind: 'flag', text: flag(readOnly) },
    ...(isOwn(block, agentKey) ? [{ path: at('shared'), label: 'Other agents may have it too', kind: 'flag', text: flag(shared) } as const] : []),
  ]
}

const newFields: readonly Field[] = [
  { path: ['blocks', 'label'], label: 'Label', kind: 'line', text: '', note: 'A word, without blanks.' },
  { path: ['blocks', 'limit'], label: 'Limit', kind: 'number', text: '', optional: true, note: 'Characters. Empty: 2,000.' },
  { path: ['blocks', 'description'], label: 'Description', kind: 'text', text: '', note: 'The model reads it: what belongs here.' },
  { path: ['blocks', 'value'], label: 'What it begins with', kind: 'text', text: '' },
  { path: ['blocks', 'blockId'], label: 'Id of a block that agents share', kind: 'line', text: '', optional: true, note: 'Empty: a block of its own, or the one that it had under this label.' },
  { path: ['blocks', 'readOnly'], label: 'Only people may write it', kind: 'flag', text: '' },
]

/** `blocks.notes.limit`; of the label itself `blocks.notes`. */
function attachedPath(name: string, written: (name: string) => string): string {
  const block = `blocks.${written('blocks.label').trim()}`
  return name === 'blocks.label' ? block : name.replace('blocks', block)
}

/** Of what was filled in alone: the rest is as a new block has it, or as the block was that comes back. */
function attached(values: ReadonlyMap<string, unknown>): AgentChanges {
  const { label = '', ...given } = Object.fromEntries([...values].map(([name, value]) => [name.slice('blocks.'.length), value])) as { readonly label?: string }
  return { blocks: { [label]: given } }
}
