import { formsOfTags, type PassageQuery } from '../archival.ts'

export type Condition =
  | { readonly key: string; readonly match: { readonly value: string | number } }
  | { readonly is_empty: { readonly key: string } }
  | { readonly has_id: string[] }
  | { readonly has_vector: string }
  | { readonly key: string; readonly match: { readonly any: string[] } }
  | { readonly key: string; readonly range: { readonly gte?: string; readonly lt?: string } | { readonly gte?: number; readonly lt?: number } }

/** All of an agent's points. No request goes out without the agent in its filter. */
export const ofAgent = (agentId: string): { must: Condition[] } => ({ must: [{ key: 'agentId', match: { value: agentId } }] })

export const isPresent: Condition = { is_empty: { key: 'supersededBy' } }

export function filterOf(agentId: string, query: Pick<PassageQuery, 'tags' | 'source' | 'from' | 'to' | 'superseded'> = {}): { must: Condition[] } {
  const { must } = ofAgent(agentId)
  if (query.superseded !== true) must.push(isPresent)
  if (query.tags !== undefined && query.tags.length > 0) must.push({ key: 'tags', match: { any: [...formsOfTags(query.tags)] } })
  if (query.source !== undefined) must.push({ key: 'source', match: { value: query.source } })
  if (query.from !== undefined || query.to !== undefined) {
    const gte = query.from === undefined ? {} : { gte: instant(query.from) }
    const lt = query.to === undefined ? {} : { lt: instant(query.to) }
    must.push({ key: 'at', range: { ...gte, ...lt } })
  }
  return { must }
}

/** Any notation of ISO 8601, as the one that Qdrant reads for certain. */
const instant = (at: string): string => new Date(at).toISOString()
