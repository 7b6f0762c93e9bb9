import type { ChatModel } from '../../../src/model/model.ts'
import { scriptedModel } from '../../../src/model/scripted.ts'
import type { ScriptedStep } from '../../../src/model/scripted-steps.ts'

/** A model for each agent, by the name of the model that it is defined with: tests share a stack, and not a script. */
export function modelsByName(): { readonly model: ChatModel; give(name: string, steps: readonly ScriptedStep[] | ChatModel): void } {
  const models = new Map<string, ChatModel>()
  return {
    model: {
      complete: (request, signal, onDelta) => {
        const model = models.get(request.model)
        if (model === undefined) throw new Error(`no model is called ${request.model}`)
        return model.complete(request, signal, onDelta)
      },
    },
    give: (name, steps) => void models.set(name, 'complete' in steps ? steps : scriptedModel(steps)),
  }
}
