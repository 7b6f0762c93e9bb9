import type { Scope } from '../../../clients/typescript/src/index.ts'

/** What each right allows, for whoever makes a key. */
export const scopes: Readonly<Record<Scope, string>> = {
  'agents:read': 'see which agents there are, and how each stands',
  'agents:write': 'make, change, archive and delete agents',
  messages: 'talk to agents, and read what they say',
  'memory:read': 'read what agents remember',
  'memory:write': 'change what agents remember, load documents',
  approve: 'answer calls that wait for a person',
  admin: 'all of it, and keys',
}
