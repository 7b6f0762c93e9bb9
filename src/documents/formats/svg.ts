import { Blocks } from '../blocks.ts'
import type { Part } from '../part.ts'
import { attribute, xmlParts } from './xml.ts'

/** Elements whose words a person sees or is told. */
const worded = new Set(['text', 'title', 'desc', 'foreignObject'])
const silent = new Set(['style', 'script', 'metadata'])

/** The words of a drawing, each label a part. */
export function* svgParts(svg: Uint8Array): Generator<Part> {
  const blocks = new Blocks()
  let [within, dropped] = [0, 0]
  let height: string | undefined
  yield* xmlParts(svg, {
    open: (name, attributes) => {
      if (silent.has(name)) dropped += 1
      else if (worded.has(name)) {
        blocks.end()
        within += 1
        height = attribute(attributes, 'y')
      } else if (name === 'tspan') {
        // Another line of the label. Letters that are placed one by one have the same height.
        const y = attribute(attributes, 'y')
        if ((y !== undefined && y !== height) || Number.parseFloat(attribute(attributes, 'dy') ?? '0') !== 0) blocks.words(' ')
        height = y ?? height
      } else if (within > 0 && /^(?:p|div|li|br|h[1-6])$/.test(name)) blocks.end()
    },
    text: (text) => {
      if (within > 0 && dropped === 0) blocks.words(text)
    },
    close: (name) => {
      if (silent.has(name)) dropped -= 1
      else if (worded.has(name)) {
        blocks.end()
        within -= 1
      }
    },
  }, blocks)
}
