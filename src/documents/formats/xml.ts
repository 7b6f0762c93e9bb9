import { Parser } from 'htmlparser2'
import { decodeText } from '../decode.ts'
import type { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { withEntities } from './entities.ts'
import { refuseNesting } from './nesting.ts'

/** Characters that a parser is given at once, so that what it makes of them can be taken away in between. */
const sliceCharacters = 256 * 1024

/** None ends within a character. */
export function* inSlices(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const end = at + sliceCharacters
    const whole = isHighSurrogate(text.charCodeAt(end - 1)) ? end + 1 : end
    yield text.slice(at, whole)
    at = whole
  }
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xdc00

export type Attributes = Readonly<Record<string, string>>

/** Told of elements by their names without a namespace's prefix: `w:p` is `p`. */
export interface XmlReader {
  readonly open?: (name: string, attributes: Attributes) => void
  readonly text?: (text: string) => void
  readonly close?: (name: string) => void
}

/** Yields what `take` gives after each slice of the text, so that it is never there as a whole. */
export function* readXml<T>(xml: Uint8Array, reader: XmlReader, take: () => readonly T[]): Generator<T> {
  const parser: Parser = new Parser(
    {
      onopentag: (name, attributes) => {
        refuseNesting(parser)
        reader.open?.(localName(name), attributes)
      },
      ontext: (text) => reader.text?.(text),
      onclosetag: (name) => reader.close?.(localName(name)),
    },
    { xmlMode: true, decodeEntities: true },
  )
  for (const slice of inSlices(withEntities(decodeText(xml, 'xml')))) {
    parser.write(slice)
    yield* take()
  }
  parser.end()
  yield* take()
}

/** Reads all of it, where it is known to be small. */
export function readSmallXml(xml: Uint8Array, reader: XmlReader): void {
  readXml(xml, reader, () => []).next()
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** A document of Office or LibreOffice that is one file of XML, and no archive. */
export const isXml = (bytes: Uint8Array): boolean => /^(?:\u00ef\u00bb\u00bf)?\s*</.test(Buffer.from(bytes.subarray(0, 64)).toString('latin1'))

/** An attribute, whatever the prefix of its namespace. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  return attributes[name] ?? Object.entries(attributes).find(([key]) => key.endsWith(`:${name}`))?.[1]
}

/** The parts that a reader tells these blocks of, as they come, and at last what stands there unfinished. */
export function* xmlParts(xml: Uint8Array, reader: XmlReader, blocks: Blocks): Generator<Part> {
  yield* readXml(xml, reader, () => blocks.take())
  blocks.finish()
  yield* blocks.take()
}
