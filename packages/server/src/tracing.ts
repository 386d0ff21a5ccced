import { context, propagation, ProxyTracerProvider, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import type { Engine } from '@gatehouse/session';
import type { AnyTRPCRouter } from '@trpc/server';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from './logger.ts';
import { wrapOperations } from './metrics-of-engine.ts';

/** Spans of OpenTelemetry: the request, its procedures, and their storage operations. No span has data about a user. */
export interface Tracing {
  /** Runs the handler in the span of its request. Begins the span unless an earlier handler or the app's instrumentation has done so. */
  request(handler: RequestHandler): RequestHandler;
  /** The router, with a span for each call of a procedure. */
  router<Router extends AnyTRPCRouter>(router: Router): Router;
  /** The engine, with a span for each operation of a request. */
  engine(engine: Engine): Engine;
  /** The logger, with the ids of the current span in each line. */
  logger(logger: Logger): Logger;
}

const OFF: Tracing = { request: (handler) => handler, router: (router) => router, engine: (engine) => engine, logger: (logger) => logger };

/** The names of OpenTelemetry's log data model: https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/ */
export interface TraceIds {
  readonly trace_id: string;
  readonly span_id: string;
}

const spans = new WeakMap<IncomingMessage, Span>();

const idsOf = (span: Span | undefined): TraceIds | undefined => {
  const ids = span?.spanContext();
  return ids && { trace_id: ids.traceId, span_id: ids.spanId };
};

/** The ids of a request's span; undefined: it is not traced. Also when the response has ended, outside of the span. */
export const traceIdsOf = (req: IncomingMessage): TraceIds | undefined => idsOf(spans.get(req));

/** Whether the app has registered an SDK. Without one, all tracers are the API's own, which record nothing. */
function hasSdk(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('gatehouse') !== undefined;
}

/** Traces if an SDK is registered by now. Otherwise nothing is wrapped, so a request costs nothing more. */
export function openTracing(): Tracing {
  if (!hasSdk()) return OFF;
  const tracer = trace.getTracer('gatehouse');
  return {
    request: (handler) => requestSpan(tracer, handler),
    router: (router) => tracedRouter(tracer, router),
    engine: (engine) =>
      wrapOperations(engine, (operation, call) => async (...args) => {
        // Background work, such as the polls for open streams, would make a trace of its own each time.
        if (!trace.getActiveSpan()) return call(...args);
        const attributes = { 'gatehouse.engine': engine.name, 'db.operation.name': operation };
        return inSpan(tracer, `engine.${operation}`, { kind: SpanKind.CLIENT, attributes }, () => call(...args));
      }),
    // Methods are looked up for each line, because a logger such as pino replaces them when its level changes, and needs its `this`.
    logger: (logger) => ({
      error: (fields, message) => logger.error(withIds(fields), message),
      warn: (fields, message) => logger.warn(withIds(fields), message),
      info: (fields, message) => logger.info(withIds(fields), message),
    }),
  };
}

const withIds = (fields: object): object => ({ ...fields, ...idsOf(trace.getActiveSpan()) });

function requestSpan(tracer: Tracer, handler: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (spans.has(req)) return handler(req, res, next);
    const active = trace.getActiveSpan();
    if (active) {
      spans.set(req, active);
      return handler(req, res, next);
    }
    const parent = propagation.extract(context.active(), req.headers);
    const attributes = { 'http.request.method': req.method, 'url.path': req.originalUrl.split('?', 1)[0] ?? '' };
    // Only the method, because a path has any number of values: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#name
    const span = tracer.startSpan(req.method, { kind: SpanKind.SERVER, attributes }, parent);
    spans.set(req, span);
    res.once('close', () => {
      span.setAttribute('http.response.status_code', res.statusCode);
      if (res.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    return context.with(trace.setSpan(parent, span), () => handler(req, res, next));
  };
}

type Procedure = ((call: { readonly path: string; readonly type: string }) => Promise<unknown>) & { readonly _def?: object };

function tracedRouter<Router extends AnyTRPCRouter>(tracer: Tracer, router: Router): Router {
  const traced = new Map<Procedure, Procedure>();
  function tracedProcedure(procedure: Procedure): Procedure {
    const known = traced.get(procedure);
    if (known) return known;
    const around: Procedure = (call) =>
      inSpan(tracer, call.path, { attributes: { 'rpc.system.name': 'trpc', 'rpc.method': call.path, 'trpc.type': call.type } }, () =>
        procedure(call),
      );
    const wrapped = Object.assign(around, procedure);
    traced.set(procedure, wrapped);
    return wrapped;
  }
  // Also the procedures of a router that is loaded later.
  const procedures = new Proxy(router._def.procedures as Record<string, unknown>, {
    get(target, name) {
      const found: unknown = Reflect.get(target, name);
      return typeof found === 'function' && Object.hasOwn(target, name) ? tracedProcedure(found as Procedure) : found;
    },
  });
  return { ...router, _def: { ...router._def, procedures } };
}

interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes: Record<string, string>;
}

/** Runs `work` in a span. A refusal, such as "sign in first", is an outcome and no error of the server. */
function inSpan<Result>(tracer: Tracer, name: string, options: SpanOptions, work: () => Promise<Result>): Promise<Result> {
  return tracer.startActiveSpan(name, options, async (span) => {
    try {
      return await work();
    } catch (error) {
      const { code } = error as { code?: unknown };
      span.setAttribute('error.type', typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown');
      if (!REFUSALS.has(code)) span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Codes of tRPC for which the client is responsible. */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'TOO_MANY_REQUESTS',
  'PRECONDITION_FAILED',
  'UNPROCESSABLE_CONTENT',
]);
