import { expect, test } from 'vitest'
import { agentNames } from '../../src/client/agent-names.ts'

test('who names an agent that is not there is told how one is made, by a command as by a program [errors:final]', async () => {
  const none = (): Promise<undefined> => Promise.resolve(undefined)
  const { known } = agentNames({ current: none, get: none }, undefined)
  await expect(known('nora')).rejects.toMatchObject({ code: 'agent-unknown', message: expect.stringMatching(/"nora".*`perdure agents`.*`perdure chat --agent NAME`.*create/) as string })
})
