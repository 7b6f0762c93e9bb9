import type { ChatModel } from './model.ts'

/** A model that asks another one. What it does not say of itself is as that one says. */
export function around(model: ChatModel, own: Pick<ChatModel, 'complete'> & Partial<ChatModel>): ChatModel {
  return {
    toolsTokens: (name, tools) => model.toolsTokens?.(name, tools),
    usualOutputTokens: model.usualOutputTokens,
    ...own,
  }
}
