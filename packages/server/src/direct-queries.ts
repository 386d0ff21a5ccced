import type { Context } from '@gatehouse/api';
import { MAX_BATCH_SIZE } from '@gatehouse/contract';
import { getErrorShape, getTRPCErrorFromUnknown, TRPCError, transformTRPCResponse, type AnyTRPCRouter } from '@trpc/server';
import { getHTTPStatusCode } from '@trpc/server/http';
import type { Request, Response } from 'express';
import { callProcedure, type Procedure } from './call-procedure.ts';
import { jsonText } from './json-text.ts';

export interface CallOptions {
  readonly router: AnyTRPCRouter;
  readonly createContext: (req: Request) => Context | Promise<Context>;
  readonly onError: (problem: { error: TRPCError; req: Request; path: string | undefined; ctx: Context | undefined }) => void;
}

/** Queries of one request, which can be called without tRPC's HTTP layer. */
interface Queries {
  readonly paths: readonly string[];
  readonly isBatch: boolean;
  /** By position in `paths`. undefined: no input. */
  readonly inputs: Readonly<Record<number, unknown>>;
}

/**
 * Calls queries directly. tRPC's HTTP layer creates a Request, a Response and several promises for each call, which takes a quarter of the
 * time of an `auth.me`. Everything but plain JSON queries is left to it, including all requests that it refuses as a whole. The responses are
 * the same: direct-queries.test.ts compares them.
 */
export function directQueries({ router, createContext, onError }: CallOptions) {
  const { procedures, _config: config } = router._def as AnyTRPCRouter['_def'] & Procedures;
  const isQuery = (path: string): boolean => Object.hasOwn(procedures, path) && procedures[path]?._def?.type === 'query';

  /** undefined: tRPC's HTTP layer has to answer. */
  function queriesOf(req: Request, path: string): Queries | undefined {
    if (req.method !== 'GET' || !isPlainJson(req)) return undefined;
    const at = req.url.indexOf('?');
    const params = at === -1 ? NO_PARAMS : new URLSearchParams(req.url.slice(at));
    if (params.has('connectionParams')) return undefined;
    const isBatch = params.get('batch') === '1';
    const paths = isBatch ? path.split(',') : [path];
    if (paths.length > MAX_BATCH_SIZE || !paths.every(isQuery)) return undefined;
    const inputs = inputsOf(params.get('input'), { paths, isBatch });
    return inputs && { paths, isBatch, inputs };
  }

  function inputsOf(text: string | null, { paths, isBatch }: Omit<Queries, 'inputs'>): Queries['inputs'] | undefined {
    if (!text) return {};
    try {
      const given: unknown = JSON.parse(text);
      const { input } = config.transformer;
      if (!isBatch) return [input.deserialize(given)];
      if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
      const byIndex = given as Readonly<Record<number, unknown>>;
      return paths.map((_, index) => (byIndex[index] === undefined ? undefined : input.deserialize(byIndex[index])));
    } catch {
      return undefined;
    }
  }

  async function answer(req: Request, res: Response, { paths, isBatch, inputs }: Queries): Promise<void> {
    const gone = new AbortController();
    res.once('close', () => {
      if (!res.writableFinished) gone.abort();
    });
    const context = await contextOf(req);

    const failed = (error: TRPCError, path: string, input: unknown) => ({
      error: getErrorShape({ config, ctx: context.ctx, error, input, path, type: 'query' }),
    });
    // An error reports the input only if a procedure has read it.
    let isInputRead = false;

    const results = await Promise.all(
      paths.map(async (path, index) => {
        try {
          if (context.error) throw context.error;
          const getRawInput = async (): Promise<unknown> => {
            isInputRead = true;
            return inputs[index];
          };
          const call = { path, type: 'query', ctx: context.ctx, getRawInput, signal: gone.signal, batchIndex: index } as const;
          const procedure = procedures[path];
          const data = procedure && (await callProcedure(procedure, call));
          const refused = isStream(data) && new TRPCError({ code: 'UNSUPPORTED_MEDIA_TYPE', message: STREAM_REFUSED });
          return refused ? failed(refused, path, inputs[index]) : { result: { data } };
        } catch (cause) {
          const error = getTRPCErrorFromUnknown(cause);
          onError({ error, req, path, ctx: context.ctx });
          return failed(error, path, isInputRead ? inputs[index] : undefined);
        }
      }),
    );
    const body = isBatch ? results : results[0];
    if (body === undefined) throw new TypeError('A request without a call.');
    const text = jsonText(transformTRPCResponse(config, body as Parameters<typeof transformTRPCResponse>[1]));
    res.statusCode = getHTTPStatusCode(body);
    res.setHeader('Vary', 'trpc-accept, accept');
    res.setHeader('Content-Type', 'application/json');
    res.setHeader('Content-Length', Buffer.byteLength(text));
    res.end(text);
  }

  async function contextOf(req: Request): Promise<{ ctx?: Context; error?: TRPCError }> {
    try {
      return { ctx: await createContext(req) };
    } catch (cause) {
      return { error: getTRPCErrorFromUnknown(cause) };
    }
  }

  return { queriesOf, answer };
}

interface Procedures {
  readonly procedures: Readonly<Record<string, Procedure>>;
}

const NO_PARAMS = new URLSearchParams();
const STREAM_REFUSED = 'Cannot use stream-like response in non-streaming request - use httpBatchStreamLink';

/** Not a request for a streamed response, and nothing that only tRPC's HTTP layer can read. */
function isPlainJson({ headers }: Request): boolean {
  const { accept, 'content-type': type, 'trpc-accept': trpcAccept } = headers;
  if (trpcAccept !== undefined || accept?.includes('application/jsonl')) return false;
  return type === undefined || type.startsWith('application/json');
}

/** What tRPC would stream. */
function isStream(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  return isAsync(data) || Object.values(data).some((value) => isAsync(value) || value instanceof Promise);
}

const isAsync = (value: unknown): boolean => typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
