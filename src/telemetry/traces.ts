import { hostname } from 'node:os'
import type { Observe } from '../protocol/observation.ts'
import { spanOf } from './span-of.ts'

export interface Traces {
  readonly observe: Observe
  /** Sends what is left. */
  close(): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/** Whether OpenTelemetry's own variables name a place to send traces to. */
export function tracesWanted(env: Environment): boolean {
  const given = (name: string): boolean => (env[name] ?? '').trim() !== ''
  const off = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none'
  return !off && (given('OTEL_EXPORTER_OTLP_ENDPOINT') || given('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'))
}

/**
 * Spans over OTLP/HTTP, in batches, as OpenTelemetry's variables say (`OTEL_EXPORTER_OTLP_*`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`,
 * `OTEL_BSP_*`). Its packages are loaded here and nowhere else. All spans are sent: sampling is the collector's. A collector that is away
 * loses spans, never work.
 */
export async function startTraces(options: { readonly version: string; readonly warn: (message: string) => void }): Promise<Traces> {
  const [api, { BasicTracerProvider, BatchSpanProcessor, AlwaysOnSampler }, { OTLPTraceExporter }, { detectResources, envDetector, resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  const warn = (): void => options.warn('traces could not be sent')
  const ignore = (): void => undefined
  api.diag.setLogger({ error: warn, warn, info: ignore, debug: ignore, verbose: ignore }, api.DiagLogLevel.WARN)
  const own = resourceFromAttributes({ 'service.name': 'perdure', 'service.version': options.version, 'service.instance.id': `${process.pid}@${hostname()}` })
  const ids = chosenIds()
  const provider = new BasicTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  })
  const tracer = provider.getTracer('perdure', options.version)

  const observe: Observe = (observation) => {
    const data = spanOf(observation)
    if (data === undefined) return
    const { traceId, spanId, parentSpanId, error } = data
    const parent = parentSpanId === undefined ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId: parentSpanId, traceFlags: api.TraceFlags.SAMPLED, isRemote: true })
    ids.next(traceId, spanId)
    const span = tracer.startSpan(
      data.name,
      {
        kind: { client: api.SpanKind.CLIENT, server: api.SpanKind.SERVER, internal: api.SpanKind.INTERNAL }[data.kind],
        startTime: data.startedAt,
        attributes: { ...data.attributes, ...(error !== undefined && { 'error.type': error }) },
      },
      parent,
    )
    if (error !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR })
    span.end(Math.max(data.startedAt, data.endedAt))
  }
  return { observe, close: () => provider.shutdown() }
}

/** Gives the next span the ids that were chosen for it. Nothing runs between the choice of ids and the start of the span. */
function chosenIds() {
  const chosen: { traceId?: string; spanId?: string | undefined } = {}
  return {
    next: (traceId: string, spanId: string | undefined): void => {
      chosen.traceId = traceId
      chosen.spanId = spanId
    },
    generateTraceId: (): string => chosen.traceId ?? randomHex(16),
    generateSpanId: (): string => chosen.spanId ?? randomHex(8),
  }
}

const randomHex = (bytes: number): string => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex')
