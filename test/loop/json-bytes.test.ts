import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonBytes, textBytes } from '../../src/protocol/json-bytes.ts'

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }))

test('bytes are counted as an encoder would make them, for any text [history:references]', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(textBytes(text)).toBe(Buffer.byteLength(text))
      expect(jsonBytes(text)).toBe(Buffer.byteLength(JSON.stringify(text)))
    }),
  )
})
