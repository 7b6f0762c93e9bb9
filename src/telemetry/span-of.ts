import type { InferenceObservation, Observation, RequestObservation } from '../protocol/observation.ts'
import type { StepUsage } from '../protocol/messages.ts'
import { compactionSpanId, compactionTrace, turnTrace } from './trace-ids.ts'

/** A span as plain data. Attributes after OpenTelemetry's conventions for generative AI (in development there); what they lack is `perdure.*`. */
export interface SpanData {
  readonly name: string
  readonly kind: 'client' | 'server' | 'internal'
  readonly traceId: string
  /** Absent: any. */
  readonly spanId?: string
  /** Absent: the top of its trace. */
  readonly parentSpanId?: string
  readonly startedAt: number
  readonly endedAt: number
  readonly attributes: Readonly<Record<string, string | number | boolean | string[]>>
  readonly error?: string
}

/** Undefined for what has no span: a step is its inference and its tools, and a parked turn has not ended. */
export function spanOf(observation: Observation): SpanData | undefined {
  switch (observation.type) {
    case 'inference':
      return chatSpan(observation)
    case 'tool': {
      const { tool, callId, turn = 0, error } = observation
      const trace = turnTrace(observation.agentId, turn)
      return {
        ...timesOf(observation),
        name: `execute_tool ${tool}`,
        kind: 'internal',
        traceId: trace.traceId,
        parentSpanId: trace.rootSpanId,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': tool,
          'gen_ai.tool.type': 'function',
          ...(callId !== undefined && { 'gen_ai.tool.call.id': callId }),
          ...placeOf(observation),
        },
        ...(error !== undefined && { error }),
      }
    }
    case 'compaction': {
      const { op, attempt, model, usage, byModel, error } = observation
      return {
        ...timesOf(observation),
        name: 'compact',
        kind: 'internal',
        ...compactionPlace(observation),
        spanId: compactionSpanId(op, attempt),
        attributes: {
          'gen_ai.request.model': model,
          ...usageOf(usage),
          ...(byModel !== undefined && { 'perdure.summary.by_model': byModel }),
          ...placeOf(observation),
        },
        ...(error !== undefined && { error }),
      }
    }
    case 'turn': {
      const { agentId, model, outcome, endedAt } = observation
      if (outcome.end === 'parked') return undefined
      const { traceId, rootSpanId } = turnTrace(agentId, outcome.turn)
      return {
        name: `invoke_agent ${agentId}`,
        kind: 'internal',
        traceId,
        spanId: rootSpanId,
        startedAt: endedAt - outcome.figures.latencyMs,
        endedAt,
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.provider.name': provider,
          'gen_ai.agent.id': agentId,
          'gen_ai.agent.name': agentId,
          'gen_ai.conversation.id': agentId,
          'gen_ai.request.model': model,
          ...usageOf(outcome.figures),
          'perdure.turn': outcome.turn,
          'perdure.turn.steps': outcome.figures.steps,
          'perdure.turn.end': outcome.end,
          ...(outcome.reason !== undefined && { 'perdure.turn.reason': outcome.reason }),
        },
        ...(outcome.end === 'stopped' && { error: outcome.reason ?? outcome.end }),
      }
    }
    case 'request':
      return requestSpan(observation)
    case 'step':
      return undefined
  }
}

/** The protocol, whichever server answers: the conventions use this name for every endpoint with OpenAI's protocol. */
const provider = 'openai'

function chatSpan(observation: InferenceObservation): SpanData {
  const { model, usage, finishReason, purpose, op, attempt, error } = observation
  const { traceId, parentSpanId } = compactionPlace(observation)
  return {
    ...timesOf(observation),
    name: `chat ${model}`,
    kind: 'client',
    traceId,
    ...(purpose === 'summary' ? { parentSpanId: compactionSpanId(op, attempt) } : parentSpanId !== undefined && { parentSpanId }),
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': model,
      ...usageOf(usage),
      ...(finishReason !== undefined && { 'gen_ai.response.finish_reasons': [finishReason.replace('-', '_')] }),
      'perdure.purpose': purpose,
      ...placeOf(observation),
    },
    ...(error !== undefined && { error }),
  }
}

/** In the trace of its caller, who may have chosen to send none of it. The turns that it asked for have traces of their own. */
function requestSpan(observation: RequestObservation): SpanData | undefined {
  const { method, route, status, code, key, tenant, trace: { traceId, parentSpanId, sampled } } = observation
  if (!sampled) return undefined
  return {
    ...timesOf(observation),
    name: route === undefined ? method : `${method} ${route}`,
    kind: 'server',
    traceId,
    ...(parentSpanId !== undefined && { parentSpanId }),
    attributes: {
      'http.request.method': method,
      ...(route !== undefined && { 'http.route': route }),
      'http.response.status_code': status,
      ...(key !== undefined && { 'perdure.access_key.id': key }),
      ...(tenant !== undefined && { 'perdure.tenant': tenant }),
    },
    ...(status >= 500 && { error: code ?? String(status) }),
  }
}

function compactionPlace({ agentId, turn, op }: { readonly agentId: string; readonly turn?: number; readonly op: string }): Pick<SpanData, 'traceId' | 'parentSpanId'> {
  if (turn === undefined) return { traceId: compactionTrace(op).traceId }
  const { traceId, rootSpanId } = turnTrace(agentId, turn)
  return { traceId, parentSpanId: rootSpanId }
}

const timesOf = ({ startedAt, endedAt }: { readonly startedAt: number; readonly endedAt: number }) => ({ startedAt, endedAt })

function placeOf({ agentId, turn, step, op, attempt }: { readonly agentId: string; readonly turn?: number; readonly step?: number; readonly op: string; readonly attempt: number }) {
  return {
    'gen_ai.conversation.id': agentId,
    'gen_ai.agent.id': agentId,
    ...(turn !== undefined && { 'perdure.turn': turn }),
    ...(step !== undefined && { 'perdure.step': step }),
    'perdure.op': op,
    'perdure.attempt': attempt,
  }
}

function usageOf(usage: StepUsage | undefined): SpanData['attributes'] {
  if (usage === undefined) return {}
  const { promptTokens, cachedTokens, completionTokens, costMicros } = usage
  return {
    'gen_ai.usage.input_tokens': promptTokens,
    'gen_ai.usage.cache_read.input_tokens': cachedTokens,
    'gen_ai.usage.output_tokens': completionTokens,
    ...(costMicros !== undefined && { 'perdure.cost_micro_dollars': costMicros }),
  }
}
