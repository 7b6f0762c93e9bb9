import { decodeEscapes } from './json.ts'
import type { Part } from '../part.ts'

/** Blocks under the keys of the outermost level, each with the comments above it. Lines are those of the file. */
export function* yamlParts(written: string): Generator<Part> {
  // Programs write letters so that are not of ASCII.
  const text = decodeEscapes(written).replaceAll(/(?<!\\)\\x([89a-f][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  let lines: string[] = []
  let first = 1
  let heading: string | undefined
  let above = 0
  const part = (): Part => ({ text: lines.join('\n'), firstLine: first, ...(heading !== undefined && { heading }) })
  for (const [index, line] of text.split('\n').entries()) {
    const key = /^(?:"([^"]{1,200})"|'([^']{1,200})'|([^\s#:'"&*!|>%@`{}[\],-][^:#]{0,200}?))\s*:(?:\s|$)/.exec(line)
    if (key !== null || line.startsWith('---')) {
      // Comments right above belong to the key.
      const kept = lines.splice(lines.length - above)
      if (lines.some((one) => one.trim() !== '')) yield part()
      lines = kept
      first = index + 1 - kept.length
      heading = key?.[1] ?? key?.[2] ?? key?.[3]
    }
    above = line.startsWith('#') ? above + 1 : 0
    if (lines.length === 0 && line.trim() === '') {
      first = index + 2
      continue
    }
    lines.push(line)
  }
  if (lines.some((one) => one.trim() !== '')) yield part()
}
