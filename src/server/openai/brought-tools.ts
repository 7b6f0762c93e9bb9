import { createHash } from 'node:crypto'
import type { ClientToolDefinition } from '../../protocol/definition.ts'

/** A function as a request describes it. */
interface GivenFunction {
  readonly name: string
  readonly description?: string | null | undefined
  readonly parameters?: Readonly<Record<string, unknown>> | null | undefined
}

/** Names as they were given, by our name; of those alone that have another one here. */
export type GivenNames = Readonly<Record<string, string>>

export interface BroughtTools {
  readonly tools: readonly ClientToolDefinition[]
  readonly names: GivenNames
}

const usable = /^[a-z][a-z0-9_]{0,63}$/
const longest = 64

/** A request's functions as an agent can have them: the same request gives the same ones. `getWeather` is `get_weather` here. */
export function broughtTools(given: readonly GivenFunction[], choice: string | null | undefined): BroughtTools {
  if (choice === 'none') return { tools: [], names: {} }
  const ours = new Map(given.flatMap(({ name }) => (usable.test(name) ? [[name, name]] : [])))
  const taken = new Set(ours.values())
  for (const { name } of given) {
    if (ours.has(name)) continue
    const wanted = usableName(name)
    const own = taken.has(wanted) ? `${wanted.slice(0, longest - 9)}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}` : wanted
    ours.set(name, own)
    taken.add(own)
  }
  return {
    tools: given.map(({ name, description, parameters }) => ({ name: ours.get(name) ?? name, description: description || name, parameters: parameters ?? { type: 'object', properties: {} } })),
    names: Object.fromEntries([...ours].flatMap(([name, own]) => (name === own ? [] : [[own, name]]))),
  }
}

/** As the asker has named the tool. What an object has of itself, such as `constructor`, is a tool's name too. */
export const givenName = (names: GivenNames, own: string): string => (Object.hasOwn(names, own) ? (names[own] ?? own) : own)

function usableName(given: string): string {
  const words = given.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '')
  return (/^[a-z]/.test(words[0] ?? '') ? words : ['tool', ...words]).join('_').slice(0, longest)
}
