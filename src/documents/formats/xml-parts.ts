import type { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { readXml, type XmlReader } from './xml.ts'

/** The parts that a reader tells these blocks of, as they come, and at last what stands there unfinished. */
export function* xmlParts(xml: Uint8Array, reader: XmlReader, blocks: Blocks): Generator<Part> {
  yield* readXml(xml, reader, () => blocks.take())
  blocks.end()
  yield* blocks.take()
}
