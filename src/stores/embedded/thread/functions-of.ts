import type { Functions } from '../../../threads/answer-calls.ts'

type Member = Functions[string] | { readonly [name: string]: Member }

/** All functions of an object, and of the objects in it, by their path: `memory.messages.insert`. */
export function functionsOf(object: object, path = ''): Functions {
  const members = Object.entries(object) as [string, Member][]
  return Object.fromEntries(members.flatMap(([name, member]) => (typeof member === 'function' ? [[path + name, member]] : Object.entries(functionsOf(member, `${path}${name}.`)))))
}

/** An object like the one that `functionsOf` was given: what is called of it goes to `call`, with its path. */
export function objectOf(paths: readonly string[], call: (path: string, args: readonly unknown[]) => unknown): object {
  const object: Record<string, unknown> = {}
  for (const path of paths) {
    const names = path.split('.')
    let part = object
    for (const name of names.slice(0, -1)) part = (part[name] ??= {}) as Record<string, unknown>
    part[names.at(-1) ?? ''] = (...args: readonly unknown[]) => call(path, args)
  }
  return object
}
