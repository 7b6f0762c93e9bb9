import { call, rawCall, say, think, type ScriptedStep } from '../../../src/testing.ts'
import { randomUUID } from 'node:crypto'
import { randomOf } from './random.ts'

const deeds = ['edit', 'bell', 'coin', 'passage', 'edit+bell', 'bell+coin+passage', 'garbage', 'think', 'search'] as const

/** What the sender says: which message it is, what the model shall do about it, and words that fill the window. */
export function stormText(options: { readonly seed: number; readonly agentId: string; readonly number: number }): string {
  const random = randomOf(`${options.seed} ${options.agentId} ${options.number}`)
  const wanted = Array.from({ length: random.between(0, 3) }, () => random.pick(deeds))
  const filler = 'Once upon a time an engine dreamt of numbers. '.repeat(random.chance(0.5) ? 2 : random.between(8, 30))
  return `#${options.number} of ${options.agentId}. Do: ${wanted.join(', ') || 'nothing'}. ${filler}`.trim()
}

/** The model's steps in the turn that a text begins. */
export function stormMoves(text: string): readonly ScriptedStep[] {
  const [, name = text] = /^(#\d+ of \S+)\. /.exec(text) ?? []
  const [, wanted = ''] = /Do: ([^.]*)\./.exec(text) ?? []
  const steps = wanted.split(', ').filter((deed) => deed !== 'nothing' && deed !== '')
  return [...steps.map((deed): ScriptedStep => () => stepOf(deed, name)), say(`Done: ${name}`)]
}

function stepOf(deed: string, name: string) {
  const heartbeat = { heartbeat: true }
  switch (deed) {
    case 'garbage':
      return rawCall('core_memory_append', '{"label": "human", "content": ')
    case 'think':
      return think('Nothing that anybody hears.')
    default:
      return deed.split('+').map((part) => {
        switch (part) {
          case 'edit':
            return call('core_memory_append', { label: 'human', content: `${name.split(' ')[0] ?? ''} ${randomUUID().slice(0, 6)}` }, heartbeat)
          case 'bell':
            return call('ring_bell', {}, heartbeat)
          case 'coin':
            return call('drop_coin', {}, heartbeat)
          case 'search':
            return call('conversation_search', { query: 'engine numbers' }, heartbeat)
          default:
            // A step that is asked for again, after its inference was lost, says something else: it is another answer.
            return call('archival_memory_insert', { content: `${name}, noted as ${randomUUID()}` }, heartbeat)
        }
      })
  }
}
