import type { StepPrompt } from '../../../clients/typescript/src/index.ts'
import { LongText } from '../parts/long-text.tsx'
import { counted, cut, shown } from '../parts/shown.ts'
import type { Message } from './compare-prompts.ts'

/** What the model's client was given, message by message. @param shared whole messages at the beginning that an earlier prompt has too */
export function PromptText({ request, shared }: { readonly request: StepPrompt['request']; readonly shared: number }) {
  const { messages, tools } = request
  return (
    <>
      <ol class="prompt">
        {messages.map((message, index) => (
          <li key={index} class={index < shared ? 'shared' : undefined}>
            <details open={index === 0 || index >= messages.length - 1}>
              <summary>
                <span class="role">{roleOf(message)}</span> <span class="head" dir="auto">{shown(cut(headOf(message), 120))}</span>
              </summary>
              {message.content !== '' && <LongText text={message.content} />}
              {message.role === 'assistant' && message.toolCalls.map(({ id, name, arguments: written }) => <LongText key={id} text={`${name} ${written}`} code />)}
            </details>
          </li>
        ))}
      </ol>
      <details class="tools">
        <summary>{counted(tools.length, 'tool')}: {shown(tools.map(({ name }) => name).join(', '))}</summary>
        <LongText text={JSON.stringify(tools, undefined, 2)} code />
      </details>
    </>
  )
}

const roleOf = (message: Message): string => (message.role === 'tool' ? 'result' : message.role)

const headOf = (message: Message): string =>
  message.role === 'assistant' ? [message.content, ...message.toolCalls.map(({ name, arguments: written }) => `→ ${name} ${written}`)].join(' ') : message.content
