import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changesOf } from './readers/changed.ts'
import { expectedOf, problemWith } from './readers/outcome.ts'
import { samples } from './readers/samples.ts'

const each = samples.map((sample) => [sample.extension, sample] as const)

// `npm run fuzz:documents` goes on for as long as it is told.
describe('each reader reads all that is there, or refuses by a code of ours', () => {
  test.each(each)('%s whole, and under the names of all others [documents:load]', { timeout: 120_000 }, async (_, sample) => {
    const { extension, bytes, words } = sample
    expect(await problemWith({ name: `a.${extension}`, bytes }, words)).toBeUndefined()
    for (const { extension: other } of samples) expect(await problemWith({ name: `a.${other}`, bytes }, expectedOf(sample, bytes)), `as ${other}`).toBeUndefined()
  })

  test.each(each)('%s broken off, changed, cut or doubled at random places [documents:load]', { timeout: 120_000 }, async (extension, sample) => {
    await fc.assert(
      fc.asyncProperty(changesOf(sample), async (file) => {
        expect(await problemWith(file, expectedOf(sample, file.bytes)), file.how).toBeUndefined()
      }),
      { numRuns: extension === 'pdf' ? 25 : 60 },
    )
  })
})
