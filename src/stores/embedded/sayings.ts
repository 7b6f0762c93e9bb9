import type { MessageForm } from '../message-form.ts'
import { sayingOf } from '../repeats.ts'
import { textOf } from './columns.ts'
import type { EmbeddedDatabase } from './sql.ts'

interface Identified {
  readonly id: number
}

/** What messages say, each read once, when it is asked for. */
export interface ReadSayings {
  read(hits: readonly Identified[]): void
  /** Of one that was read; another says what no other says. */
  of(hit: Identified): string
}

/** A field that a form has not is null in SQL. */
type ReadForm = Pick<MessageForm, 'role' | 'content'> & { readonly kind: MessageForm['kind'] | null; readonly reply: string | null }

// What a step has thought or called may be long, and is not read.
const formsSql = `SELECT json_group_array(json_array(message.id, json_object(
    'role', message.role, 'kind', message.body -> '$.kind', 'reply', message.body -> '$.reply', 'content', message.body -> '$.content'))) AS forms
  FROM json_each(?) AS hit CROSS JOIN message ON message.id = hit.value`

export function readSayings(database: EmbeddedDatabase): ReadSayings {
  const known = new Map<number, string>()
  return {
    read: (hits) => {
      const ids = hits.map(({ id }) => id).filter((id) => !known.has(id))
      if (ids.length === 0) return
      const row = database.row(formsSql, JSON.stringify(ids)) ?? {}
      for (const [id, { role, kind, reply, content }] of JSON.parse(textOf(row, 'forms')) as readonly (readonly [number, ReadForm])[]) {
        const text = content.map((part) => part.text).join('\n')
        known.set(id, sayingOf({ role, kind, reply, text }))
      }
    },
    of: ({ id }) => known.get(id) ?? `not read: ${id}`,
  }
}
