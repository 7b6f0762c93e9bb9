import { useSignal } from '@preact/signals'
import type { AgentDefinition, ClientToolDefinition } from '../../../clients/typescript/src/index.ts'
import type { OpenAgent } from '../live/open-agent.ts'
import { LongText } from '../parts/long-text.tsx'
import { shown } from '../parts/shown.ts'
import { Card } from './card.tsx'
import { ChangeForm } from './change-form.tsx'
import { durationOf, type Field } from './fields.ts'
import { Taken } from './taken.tsx'

interface ClientToolsProps {
  readonly agent: OpenAgent
  readonly definition: AgentDefinition
  readonly editable: boolean
}

/** Tools that run at whoever asks the agent: it waits for their results. */
export function ClientToolsSection({ agent, definition: { clientTools = [] }, editable }: ClientToolsProps) {
  const open = useSignal<number | undefined>(undefined)
  const taking = useSignal<number | undefined>(undefined)
  const close = (): void => void (open.value = taking.value = undefined)
  const form = (index: number) => (
    <ChangeForm
      agent={agent}
      of={clientTools[index]?.name ?? 'a new tool'}
      fields={fieldsOf(clientTools[index], index)}
      said="The tool is saved."
      changes={(values) => ({ clientTools: withTool(clientTools, index, values) })}
      send={index < clientTools.length ? 'Save' : 'Add'}
      {...(index === clientTools.length && { leave: 'Leave' })}
      onClose={close}
    />
  )
  const adding = open.value === clientTools.length
  const taken = taking.value === undefined ? undefined : clientTools[taking.value]
  return (
    <Card title="Tools of its callers" note="A program that talks to the agent runs these; the turn waits for the result." act={editable ? 'Add' : undefined} open={adding} onOpen={() => (open.value = clientTools.length)}>
      {clientTools.length === 0 && !adding && <p class="muted">It has none.</p>}
      {clientTools.map((tool, index) => (
        <Card
          key={tool.name}
          title={tool.name}
          level={3}
          act={editable ? 'Edit' : undefined}
          open={open.value === index}
          onOpen={() => (open.value = index)}
          more={editable && <button type="button" class="quiet" onClick={() => (taking.value = index)}>Take away<span class="unseen"> {tool.name}</span></button>}
        >
          {open.value === index ? form(index) : <ClientTool tool={tool} />}
        </Card>
      ))}
      {adding && form(clientTools.length)}
      {taken !== undefined && (
        <Taken agent={agent} title={`Take ${taken.name} away?`} send="Take away" said={`${taken.name} is taken away.`} changes={{ clientTools: clientTools.filter((tool) => tool !== taken) }} onClose={close}>
          <p>From its next step on the agent cannot call it. A call that waits now can still be answered.</p>
        </Taken>
      )}
    </Card>
  )
}

function ClientTool({ tool: { description, parameters, answerWithinMs } }: { readonly tool: ClientToolDefinition }) {
  return (
    <>
      <p dir="auto">{shown(description)}</p>
      {answerWithinMs !== undefined && <p class="muted">Its result is waited for {durationOf(answerWithinMs)}.</p>}
      <details>
        <summary>Parameters</summary>
        <LongText text={JSON.stringify(parameters, null, 2)} code />
      </details>
    </>
  )
}

const emptyParameters = { type: 'object', properties: {} }

function fieldsOf(tool: ClientToolDefinition | undefined, index: number): readonly Field[] {
  const at = (name: string): readonly string[] => ['clientTools', String(index), name]
  return [
    { path: at('name'), label: 'Name', kind: 'line', text: tool?.name ?? '', note: 'Small letters, digits and _.' },
    { path: at('description'), label: 'Description', kind: 'text', text: tool?.description ?? '', note: 'The model reads it.' },
    { path: at('parameters'), label: 'Parameters', kind: 'json', text: JSON.stringify(tool?.parameters ?? emptyParameters, null, 2), note: 'JSON Schema of an object.' },
    { path: at('answerWithinMs'), label: 'How long its result may take', kind: 'duration', text: tool?.answerWithinMs === undefined ? '' : durationOf(tool.answerWithinMs), optional: true, note: 'Like 90 min, 2 h or 7 d.' },
  ]
}

function withTool(tools: readonly ClientToolDefinition[], index: number, values: ReadonlyMap<string, unknown>): ClientToolDefinition[] {
  const given = Object.fromEntries([...values].map(([name, value]) => [name.slice(name.lastIndexOf('.') + 1), value]))
  const fields = { ...(tools[index] ?? { name: '', description: '', parameters: emptyParameters }), ...given }
  const tool = Object.fromEntries(Object.entries<unknown>(fields).filter(([, value]) => value !== null)) as unknown as ClientToolDefinition
  return [...tools.slice(0, index), tool, ...tools.slice(index + 1)]
}
