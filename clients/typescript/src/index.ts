export { createClient, type ClientOptions, type HttpClient } from './client.ts'
export { PerdureError } from './errors.ts'
export type { StreamMethods, StreamOptions } from './stream/streams.ts'
export type {
  Accepted, AccessKey, AccessKeyInput, AgentBudget, AgentChanges, AgentCommand, AgentDefinition, AgentInput, AgentPage, AgentPageOptions,
  AgentView, AnswerAccepted, Approval, ArchivalQuery, AsideAnswer, AsideMessage, AsideOptions, AwaitedParty, BlockDefinition, BlockVersion, BlockView, BudgetAnswer, BudgetChange,
  CallResult, CallToAnswer, CancelOptions, ChangeOptions, ClientTool, ClientToolContext, ClientToolDefinition, CommandAnswer, CommandOptions,
  CostLine, CostReport, DefinitionChange, DefinitionDifference, DefinitionVersion, DocumentFile, ErrorCode, EventKind, ImportedMessage,
  ListedAgent, LoadOptions, LoadProgress, LoadResult, MessageQuery, MessageRole, Parked, Passage, PassageCommand, PassageDone, PassageInput,
  PassageOrigin, PassageView, PausedActivity, PerdureClient, PressureSettings, Refusal, Retrying, ScheduleAnswer, Scope, SendOptions, StepOfTurn, StepPrompt, StoredAgent, StoredMessage, Timer,
  TimerInput, TimerView, ToolCall, TurnBudget, TurnCost, TurnEnd, TurnEvent, TurnEventType, TurnFigures, TurnOutcome, TurnReason, TurnResult,
  UndoOptions, WaitOptions, WaitingCall, WatchOptions,
} from '../../../src/index.ts'
