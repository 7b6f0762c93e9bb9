import type { Page } from 'playwright-core'
import type { AgentInput } from '../../../src/definition/define-agent.ts'
import type { ChatModel } from '../../../src/model/model.ts'
import type { ScriptedStep } from '../../../src/model/scripted-steps.ts'
import { modelsByName } from './models.ts'
import { useStage, type Stage } from './stage.ts'

export interface Chats {
  readonly stage: Stage
  /** An agent that has a script of its own; gives its id. */
  readonly agent: (id: string, steps: readonly ScriptedStep[] | ChatModel, input?: Partial<AgentInput>) => Promise<string>
  /** Another script for it. */
  readonly give: (id: string, steps: readonly ScriptedStep[] | ChatModel) => void
}

/** One stack for the tests of a file that talk to agents. */
export function useChats(): Chats {
  const models = modelsByName()
  const stage = useStage(models.model)
  return {
    stage,
    give: (id, steps) => models.give(id, steps),
    agent: async (id, steps, input = {}) => {
      models.give(id, steps)
      await stage.agents.client.create({ model: id, ...input, id })
      return id
    },
  }
}

export const chat = (id: string): string => `/agents/${id}/chat`

export async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Message/ }).fill(text)
  await page.keyboard.press('Enter')
}

export const replies = (page: Page) => page.locator('.reply:not(.growing)')
export const questions = (page: Page) => page.locator('.question')
