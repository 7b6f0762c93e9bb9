import { decodedComponent } from '../../protocol/decoded-component.ts'
import type { Zip } from '../zip.ts'
import { attribute, readSmallXml, type Attributes } from './xml.ts'

export interface Relation {
  /** The last word of its type: `officeDocument`, `slide`, `notesSlide`. */
  readonly type: string
  /** Path in the archive. */
  readonly target: string
}

/** What a part of an Office document refers to, by id. `''` is the archive as a whole. */
export function relationsOf(zip: Zip, part: string): Map<string, Relation> {
  const slash = part.lastIndexOf('/')
  const [folder, file] = [part.slice(0, slash + 1), part.slice(slash + 1)]
  const xml = zip.read(`${folder}_rels/${file}.rels`)
  const relations = new Map<string, Relation>()
  if (xml === undefined) return relations
  readSmallXml(xml, {
    open: (name, attributes) => {
      const target = attribute(attributes, 'Target')
      if (name !== 'Relationship' || target === undefined || attribute(attributes, 'TargetMode') === 'External') return
      const type = attribute(attributes, 'Type') ?? ''
      relations.set(attribute(attributes, 'Id') ?? '', { type: type.slice(type.lastIndexOf('/') + 1), target: pathIn(zip, resolvePath(folder, target)) })
    },
  })
  return relations
}

/** The part that an element refers to: by an id that has a prefix, as the element may have a number of its own by the name `id`. */
export const relationOf = (relations: ReadonlyMap<string, Relation>, attributes: Attributes): Relation | undefined =>
  relations.get(Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '')

export const relationsOfType = (relations: ReadonlyMap<string, Relation>, ...types: readonly string[]): string[] =>
  [...relations.values()].filter(({ type }) => types.includes(type)).map(({ target }) => target)

/** The part that the document begins with; Word's online edition calls it `word/document2.xml`. */
export const mainPart = (zip: Zip): string | undefined => relationsOfType(relationsOf(zip, ''), 'officeDocument')[0]

/** Some write a path as an address (`my%20header.xml`), or with other letters than the part's name has: for Office they are the same. */
const pathIn = (zip: Zip, path: string): string => (zip.has(path) ? path : decodedComponent(path))

/** A path as it is written in a part of this folder. */
export function resolvePath(folder: string, given: string): string {
  const path = given.replaceAll('\\', '/')
  const whole = path.startsWith('/') ? path : folder + path
  const names: string[] = []
  for (const name of whole.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return names.join('/')
}
