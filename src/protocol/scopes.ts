/** What an access key may be allowed. Each route needs one. `admin` allows all of them. */
export const scopes = ['agents:read', 'agents:write', 'messages', 'memory:read', 'memory:write', 'approve', 'admin'] as const

export type Scope = (typeof scopes)[number]
