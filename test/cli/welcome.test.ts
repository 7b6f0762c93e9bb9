import { expect, test } from 'vitest'
import { welcomeLines } from '../../src/cli/chat/welcome.ts'
import { noColours } from '../../src/cli/output/palette.ts'
import { readConfig } from '../../src/config/config.ts'
import { sampleAgent } from '../stores/memory/samples.ts'

test('a chat says which model its agent has, and how it gets the one that is configured, whoever gave it the present one [cli:chat]', () => {
  const config = readConfig({ OPENAI_API_KEY: 'a-key', PERDURE_MODEL: 'gpt-new' })
  const agent = sampleAgent('ada')
  const lines = (model: string): string =>
    welcomeLines({ config, agent: { ...agent, definition: { ...agent.definition, model } }, created: false, uiAddress: undefined, http: undefined, palette: noColours }).join('\n')
  expect(lines('gpt-old')).toContain('Its model is gpt-old; gpt-new, which is configured now, is for new agents (--agent NAME). /model gpt-new gives it that one.')
  expect(lines('gpt-old')).not.toMatch(/created for|keeps it/)
  expect(lines('gpt-new')).not.toContain('/model')
})
