import { invalidArgument } from './errors.ts'
import { agentIdPattern } from './ids.ts'
import { limits } from './limits.ts'

/**
 * Tenants share servers and stores, and nothing else. What keeps them apart is what ids are made of: each id of a tenant (an agent's key, a
 * block's id, an operation's, an access key's) is the one that it would have by itself, behind `.<tenant>.`. The default tenant has no name, and
 * no prefix: its ids are those that there were before there were tenants. No id of one tenant is an id of another, so whoever asks by an id asks
 * within a tenant, and a list is a range of ids.
 */
export type Tenant = string

const sign = '.'
const name = '[a-z0-9][a-z0-9_-]*'
const ofTenant = new RegExp(`^\\.(${name})\\.`)
/** In the default tenant: what looks like an id of a tenant, with one sign more, is none. */
const looksForeign = new RegExp(`^\\.+${name}\\.`)

/** @throws PerdureError `invalid-argument` */
export function assertTenant(tenant: string): void {
  if (typeof tenant === 'string' && tenant.length <= limits.agentIdCharacters && agentIdPattern.test(tenant)) return
  throw invalidArgument(`a tenant's name has 1 to ${limits.agentIdCharacters} of a-z, 0-9, "-" and "_", and begins with a letter or digit`)
}

export const prefixOf = (tenant: Tenant | undefined): string => (tenant === undefined ? '' : sign + tenant + sign)

/** The tenant whose id it is; undefined: the default one. */
export const tenantOf = (id: string): Tenant | undefined => ofTenant.exec(id)?.[1]

/** The id that stores and Temporal have for what the tenant calls so: whatever it says, never one of another tenant. */
export function innerId(tenant: Tenant | undefined, id: string): string {
  if (tenant === undefined) return looksForeign.test(id) ? sign + id : id
  return prefixOf(tenant) + id
}

/** What the tenant calls it. */
export function outerId(tenant: Tenant | undefined, id: string): string {
  if (tenant === undefined) return id.startsWith(sign + sign) && looksForeign.test(id) ? id.slice(1) : id
  return id.startsWith(prefixOf(tenant)) ? id.slice(prefixOf(tenant).length) : id
}

/** From the first of them, inclusive, to the second, exclusive. */
export type IdRange = readonly [from: string, to: string]

/** All agents and access keys of all tenants have their ids here. */
export const idsOfAll: IdRange = [sign, '{']

/** All agents and access keys of a tenant have their ids here: those of the default one begin with a letter or digit. */
export function idsOf(tenant: Tenant | undefined): IdRange {
  return tenant === undefined ? ['0', '{'] : [prefixOf(tenant), sign + tenant + String.fromCharCode(sign.charCodeAt(0) + 1)]
}
