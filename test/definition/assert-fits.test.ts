import { describe, expect, test } from 'vitest'
import { assertFits, assertToolsFit } from '../../src/definition/assert-fits.ts'
import { defineAgent } from '../../src/definition/define-agent.ts'
import { countToolsTokens } from '../../src/model/tokens.ts'
import { PerdureError } from '../../src/protocol/errors.ts'

/** So many tools as people write them: most of one is English. */
const described = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `customer_relationship_${index}`,
    description:
      'Retrieves information regarding previous conversations between representatives and customers throughout the organisation, including ' +
      'recommendations, responsibilities, international correspondence, subscriptions and outstanding administrative requirements. '.repeat(3),
    parameters: {
      type: 'object',
      properties: { customer: { type: 'string', description: 'Identification of the customer whose correspondence is requested' }, limit: { type: 'integer', description: 'Maximum number of conversations' } },
      required: ['customer'],
    },
  }))

const refused = (assert: () => void): boolean => {
  try {
    assert()
    return false
  } catch (error) {
    if (!PerdureError.isInstance(error)) throw error
    return true
  }
}

describe('tools are refused before a worker has counted them', () => {
  test('only where the window has certainly no room for them, whatever they are written in [definition:living tools:of-message]', () => {
    const agent = defineAgent({ id: 'ada', contextWindow: 8_000, instructions: 'Be kind.' })
    let least = { fits: 0, refused: Infinity }
    for (let count = 1; count < 200; count += 1) {
      const tools = described(count)
      const tokens = countToolsTokens(tools)
      const [own, brought] = [refused(() => assertFits({ ...agent, clientTools: tools })), refused(() => assertToolsFit(tools, agent, ['', '']))]
      // What has room by the exact count is never refused.
      if (tokens < 8_000 * agent.pressure.warning) expect([count, own]).toEqual([count, false])
      if (tokens < 8_000 * agent.pressure.flush) expect([count, brought]).toEqual([count, false])
      if (!own && !brought) least = { ...least, fits: tokens }
      else if (own && brought) least = { ...least, refused: Math.min(least.refused, tokens) }
    }
    // And what has no room by far is refused.
    expect(least.refused).toBeLessThan(16_000)
    expect(least.fits).toBeGreaterThan(5_600)
  })
})
