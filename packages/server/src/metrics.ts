import type { Engine } from '@gatehouse/session';
import type { ServerSettings } from '@gatehouse/settings';
import type { RequestHandler } from 'express';
import type { Events } from './events.ts';
import type { Logger } from './logger.ts';
import { isMetricsRequest, metricsEndpoint, noMetrics, serveMetrics } from './metrics-endpoint.ts';
import { withEngineMetrics } from './metrics-of-engine.ts';
import { createMetricsRegistry, type MetricSources, type SignInFailure } from './metrics-registry.ts';

export interface Metrics {
  /** The engine, measured. */
  measure(engine: Engine): Engine;
  /** Counts a sign-in that was refused before its password was checked. */
  readonly onRefused: (reason: Extract<SignInFailure, 'throttled' | 'busy'>) => void;
  /** Begins to count events, and answers `/metrics` from now on. @throws StartError if METRICS_PORT cannot be used */
  start(events: Events, sources: MetricSources): Promise<void>;
  /** `GET /metrics` of the app's own port. 404 if there are no metrics, or if they have a port of their own. */
  readonly handler: RequestHandler;
  close(): Promise<void>;
}

const notHere: RequestHandler = (req, res, next) => (isMetricsRequest(req) ? noMetrics(res) : next());

/** Measures nothing. */
const OFF: Metrics = {
  measure: (engine) => engine,
  onRefused: () => undefined,
  start: () => Promise.resolve(),
  handler: notHere,
  close: () => Promise.resolve(),
};

/** The metrics that METRICS_PORT and METRICS_TOKEN enable. Without both, prom-client is not loaded. */
export async function openMetrics({ metrics: asked, host }: ServerSettings, logger: Logger): Promise<Metrics> {
  if (!asked) return OFF;
  const { port, token } = asked;
  const metrics = await createMetricsRegistry();
  const endpoint = metricsEndpoint(metrics.registry, token, (error) => logger.error({ err: error }, 'The metrics could not be read.'));
  const closers: (() => Promise<void> | void)[] = [];
  let isStarted = false;

  return {
    measure: (engine) => withEngineMetrics(engine, metrics),
    onRefused: (reason) => metrics.signInFailed(reason),
    async start(events, sources) {
      metrics.addSources(sources);
      closers.push(
        events.on('signedIn', ({ method }) => metrics.signedIn(method)),
        events.on('signInFailed', ({ userId, locks }) => {
          metrics.signInFailed(userId === null ? 'unknown_account' : 'wrong_password');
          if (locks) metrics.lockedOut();
        }),
        events.on('sessionEnded', ({ reason, ended }) => metrics.sessionsEnded(reason, ended)),
      );
      isStarted = true;
      if (port === undefined) return;
      const server = await serveMetrics(endpoint, { host, port });
      closers.push(() => server.close());
      logger.info({ host, port: server.port }, 'Metrics for Prometheus are at /metrics of this port.');
    },
    handler(req, res, next) {
      if (!isMetricsRequest(req)) return next();
      return isStarted && port === undefined ? void endpoint(req, res) : noMetrics(res);
    },
    async close() {
      await Promise.all(closers.splice(0).map(async (close) => close()));
    },
  };
}
