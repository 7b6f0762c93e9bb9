import { expect, test } from 'vitest'
import { newKeyText, withoutSecrets } from '../../src/client/key-text.ts'

test('a text is rid of the secrets of keys in it, and keeps their ids [http:keys]', () => {
  const { id, text } = newKeyText()
  for (const key of [text, text.replaceAll('_', '%5F'), text.toUpperCase(), text.slice(0, -1)]) {
    const without = withoutSecrets(`/api/v1/keys/${key}/x`)
    expect([without.toLowerCase().includes(id), without.toLowerCase().includes(text.slice(-20, -1)), without.endsWith('/x')]).toEqual([true, false, true])
  }
})
