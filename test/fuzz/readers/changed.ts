import fc from 'fast-check'
import type { Sample } from './samples.ts'

/** A file as a broken copy, a bad disk, or a program with a bug leaves it. */
export interface ChangedFile {
  readonly how: string
  readonly name: string
  readonly bytes: Uint8Array
}

/** Signs that mean something in one format or another. */
const telling = ['<', '>', '&', '"', "'", '{', '}', '[', ']', '\\', '\n', '\r\n', '\0', '\u007f', '--b', '\n\nFrom ', ',', ';', '\\u', '\\bin9', '\\u-1', '-->', '<![CDATA[', '<!--', '&#xffffffff;', '\ufeff', '\u00ff', '/Length 99999999', 'endobj', '4294967295']

/** Broken off; bytes changed, left out, doubled, put in; two files in one. */
export function changesOf({ extension, bytes }: Sample): fc.Arbitrary<ChangedFile> {
  const place = fc.nat(bytes.length)
  const name = `a.${extension}`
  const spliced = (from: number, to: number, between: Uint8Array): Uint8Array => Buffer.concat([bytes.subarray(0, from), between, bytes.subarray(to)])
  return fc.oneof(
    place.map((end) => ({ how: `broken off at ${end}`, name, bytes: bytes.slice(0, end) })),
    place.map((from) => ({ how: `begins at ${from}`, name, bytes: bytes.slice(from) })),
    fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 12 }).map((changes) => {
      const changed = Uint8Array.from(bytes)
      for (const [at, value] of changes) changed[at % bytes.length] = value
      return { how: `changed ${JSON.stringify(changes)}`, name, bytes: changed }
    }),
    fc.tuple(place, fc.nat(64)).map(([from, length]) => ({ how: `lacks ${length} at ${from}`, name, bytes: spliced(from, Math.min(bytes.length, from + length), new Uint8Array()) })),
    fc.tuple(place, fc.nat(64), fc.integer({ min: 2, max: 40 })).map(([from, length, times]) => {
      const piece = bytes.subarray(from, from + length)
      return { how: `has ${length} at ${from} ${times} times`, name, bytes: spliced(from, from, Buffer.concat(Array.from({ length: times }, () => piece))) }
    }),
    fc.tuple(place, fc.constantFrom(...telling)).map(([from, sign]) => ({ how: `has ${JSON.stringify(sign)} at ${from}`, name, bytes: spliced(from, from, Buffer.from(sign)) })),
    place.map((from) => ({ how: `begins again at ${from}`, name, bytes: spliced(from, from, bytes) })),
  )
}
