import type { CommandAnswer } from '../../../src/index.ts'
import { invalidArgument } from './errors.ts'
import type { MethodsOf } from './methods-of.ts'
import { newId } from './new-id.ts'
import { agent, path, type Part } from './path.ts'
import type { Requests } from './requests.ts'

type ControlMethods = MethodsOf<
  | 'state' | 'context' | 'workflow' | 'cancel' | 'resume' | 'recover' | 'command' | 'checkpoints' | 'schedule' | 'unschedule' | 'timers'
  | 'createAccessKey' | 'accessKeys' | 'revokeAccessKey'
>

const timer = (id: string): Part => ({ name: id, unknown: 'invalid-argument' })

export function controlMethods({ ask, askIn }: Requests): ControlMethods {
  return {
    state: async (agentId) => ask({ method: 'GET', path: path`/agents/${agent(agentId)}/state` }),
    context: async (agentId) => askIn('messages', { method: 'GET', path: path`/agents/${agent(agentId)}/context` }),
    workflow: async (agentId) => askIn('workflow', { method: 'GET', path: path`/agents/${agent(agentId)}/workflow` }),
    cancel: async (agentId, { turn, commandId = newId(), signal } = {}) =>
      askIn('cancelled', { method: 'POST', path: path`/agents/${agent(agentId)}/cancel`, body: { turn }, idempotencyKey: commandId, signal }),
    resume: async (agentId, { commandId = newId(), signal } = {}) =>
      askIn('resumed', { method: 'POST', path: path`/agents/${agent(agentId)}/resume`, idempotencyKey: commandId, signal }),
    recover: async (agentId) => askIn('recovery', { method: 'POST', path: path`/agents/${agent(agentId)}/recover` }),
    command: async (agentId, command, { commandId = newId(), signal } = {}) => {
      const own = path`/agents/${agent(agentId)}`
      const give = (what: string, body?: object) => ask<CommandAnswer>({ method: 'POST', path: `${own}/${what}`, body, idempotencyKey: commandId, signal })
      switch (command.type) {
        case 'save':
          return give('checkpoints', { name: command.name })
        case 'load':
          return give('checkpoints/load', { name: command.name })
        case 'pop':
        case 'renew':
          return give(command.type)
        case 'archive':
          if (!command.erase) return give('archive')
          await ask({ method: 'DELETE', path: own, idempotencyKey: commandId, signal })
          return { status: 'done', detail: 'deleted' }
        case 'define':
          throw invalidArgument('over HTTP `update` does what this command does')
        default:
          throw invalidArgument(`there is no command ${JSON.stringify((command as { readonly type: unknown }).type)}`)
      }
    },
    checkpoints: async (agentId) =>
      askIn('checkpoints', { method: 'GET', path: path`/agents/${agent(agentId)}/checkpoints` }),
    schedule: async (agentId, { id, ...given }) => ask({ method: 'PUT', path: path`/agents/${agent(agentId)}/timers/${timer(id)}`, body: given }),
    unschedule: async (agentId, timerId, { commandId = newId(), signal } = {}) =>
      askIn('removed', { method: 'DELETE', path: path`/agents/${agent(agentId)}/timers/${timer(timerId)}`, idempotencyKey: commandId, signal }),
    timers: async (agentId) => askIn('timers', { method: 'GET', path: path`/agents/${agent(agentId)}/timers` }),
    createAccessKey: async (input) => ask({ method: 'POST', path: '/keys', body: input, once: true }),
    accessKeys: async ({ offset, limit } = {}) => askIn('keys', { method: 'GET', path: '/keys', query: { offset, limit } }),
    revokeAccessKey: async (id) => ask({ method: 'DELETE', path: path`/keys/${{ name: id, unknown: 'invalid-argument' }}` }),
  }
}
