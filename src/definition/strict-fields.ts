import { z } from 'zod'
import { closestWord } from '../protocol/closest-word.ts'

/** Of the fields that there are not, so many are named, and so much of each: a caller may have sent any number of them. */
const mostNamed = 5
const namedCharacters = 80

/** An object with these fields and no other: whoever gives another one is told which, and what it may have been meant to be. */
export function strictFields<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? whatIsNone(issue.keys, Object.keys(shape)) : undefined) })
}

function whatIsNone(names: readonly string[], fields: readonly string[]): string {
  const told = names.slice(0, mostNamed).map((name) => {
    const short = name.slice(0, namedCharacters)
    return { name: JSON.stringify(short), meant: closestWord(short, fields) }
  })
  const list = told.map(({ name, meant }) => (meant === undefined ? name : `${name} (did you mean ${meant}?)`)).join(', ')
  return `has no field ${list}${told.every(({ meant }) => meant !== undefined) ? '' : `; the fields are ${fields.join(', ')}`}`
}
