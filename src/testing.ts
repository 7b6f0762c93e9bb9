/** For tests of programs that use Perdure: models without a network, and a server that puts any of them behind the OpenAI protocol. */
export { ModelError, type ModelErrorKind } from './model/model-error.ts'
export type { ChatMessage, ChatModel, Embedder, ModelReply, ModelRequest, ModelTool } from './model/model.ts'
export { scriptedModel, type ScriptedModel, type ScriptedModelOptions } from './model/scripted.ts'
export {
  call,
  fail,
  hang,
  rawCall,
  say,
  think,
  type CallOptions,
  type ScriptedCall,
  type ScriptedOutcome,
  type ScriptedStep,
} from './model/scripted-steps.ts'
export { serveModel, type ServedModel, type ServeModelOptions } from './simulated/server/serve.ts'
export { simulatedEmbedder, simulatedModel, simulatedModelName } from './simulated/index.ts'
