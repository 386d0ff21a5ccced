import type { Engine } from '@gatehouse/session';
import type { Registry } from 'prom-client';
import type { EndReason } from './events.ts';
import { figure } from './figure.ts';

/** Why a sign-in with a password failed. `throttled`: too many attempts. `busy`: too many at once. Neither checks the password. */
export type SignInFailure = 'wrong_password' | 'unknown_account' | 'throttled' | 'busy';

/** Sources of the metrics that are read at each scrape. */
export interface MetricSources {
  readonly count: Engine['count'];
  readonly openStreams: () => number;
  /** undefined: the app has users of its own. */
  readonly attempts: (() => { readonly running: number; readonly waiting: number }) | undefined;
  readonly droppedAuditRows: () => number;
}

/** Seconds. From a row in the page cache to the default storage timeout. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

/** An app names its own methods of sign-in. More than these are counted as `other`. */
const MAX_METHODS = 20;

/** A record, so that the compiler finds a missing one. */
const END_REASONS = {
  signed_out: 0,
  replaced_by_new_sign_in: 0,
  revoked_by_owner: 0,
  revoked_by_admin: 0,
  revoked_at_command_line: 0,
  expired: 0,
  expiry_policy: 0,
  session_limit: 0,
  password_changed: 0,
  suspended: 0,
  deleted: 0,
} satisfies Record<EndReason, 0>;

/** A scrape waits this long for the number of sessions, and leaves it out if it takes longer. Milliseconds. */
const COUNT_TIMEOUT_MS = 1500;

/**
 * All metrics, in a registry of their own, so that they never collide with those of the app. Every value of a label comes from a fixed set
 * or is bounded in number, and none is about a user.
 */
export async function createMetricsRegistry() {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry: NewRegistry } = await import('prom-client');
  const registry: Registry = new NewRegistry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const signIns = new Counter({
    name: 'gatehouse_sign_ins_total',
    help: 'Sign-ins, by method.',
    labelNames: ['method'],
    registers,
  });
  const signInFailures = new Counter({
    name: 'gatehouse_sign_in_failures_total',
    help: 'Sign-ins that failed: wrong_password, unknown_account; throttled and busy were refused before the password was checked.',
    labelNames: ['reason'],
    registers,
  });
  const lockouts = new Counter({ name: 'gatehouse_lockouts_total', help: 'Failed sign-ins after which attempts are delayed.', registers });
  const sessionsEnded = new Counter({
    name: 'gatehouse_sessions_ended_total',
    help: 'Sessions that ended, by reason: signed out, revoked, expired, …',
    labelNames: ['reason'],
    registers,
  });
  const refusedUpdates = new Counter({
    name: 'gatehouse_refused_updates_total',
    help: 'Changes of a session that were not written: ended, because the session had ended; conflict, because another request wrote first (tried again).',
    labelNames: ['reason'],
    registers,
  });
  const engineSeconds = new Histogram({
    name: 'gatehouse_engine_duration_seconds',
    help: 'How long calls of the session storage take, failed ones included.',
    labelNames: ['operation'],
    buckets: BUCKETS,
    registers,
  });
  const engineErrors = new Counter({
    name: 'gatehouse_engine_errors_total',
    help: 'Calls of the session storage that failed: unavailable, or error for anything else.',
    labelNames: ['operation', 'reason'],
    registers,
  });

  // Present from the start: `rate` and `increase` do not count the event that creates a series, so an alert would miss it.
  for (const reason of ['wrong_password', 'unknown_account', 'throttled', 'busy'] satisfies SignInFailure[])
    signInFailures.inc({ reason }, 0);
  for (const reason of ['ended', 'conflict']) refusedUpdates.inc({ reason }, 0);
  for (const [reason, none] of Object.entries(END_REASONS)) sessionsEnded.inc({ reason }, none);

  const methods = new Set(['password', 'adopted']);
  for (const method of methods) signIns.inc({ method }, 0);
  function methodLabel(method: string): string {
    if (methods.has(method)) return method;
    if (methods.size >= MAX_METHODS || !/^[\w.-]{1,32}$/.test(method)) return 'other';
    methods.add(method);
    return method;
  }

  return {
    registry,
    signedIn: (method: string) => signIns.inc({ method: methodLabel(method) }),
    signInFailed: (reason: SignInFailure) => signInFailures.inc({ reason }),
    lockedOut: () => lockouts.inc(),
    sessionsEnded: (reason: EndReason, ended: number) => sessionsEnded.inc({ reason }, ended),
    updateRefused: (reason: 'ended' | 'conflict') => refusedUpdates.inc({ reason }),
    engineTook: (operation: string, seconds: number) => engineSeconds.observe({ operation }, seconds),
    engineFailed: (operation: string, reason: 'unavailable' | 'error') => engineErrors.inc({ operation, reason }),

    /** Adds the counters of errors of these operations, at zero. */
    addOperations(operations: readonly string[]): void {
      for (const operation of operations) for (const reason of ['unavailable', 'error']) engineErrors.inc({ operation, reason }, 0);
    },

    /** Adds those of a near cache. */
    addNearCache(read: NonNullable<Engine['nearCache']>): void {
      const loads = new Counter({
        name: 'gatehouse_near_cache_loads_total',
        help: 'Loads of sessions with SESSION_NEAR_CACHE: hit, answered from memory; miss, asked Redis.',
        labelNames: ['result'],
        registers: [],
        collect() {
          const { hits, misses } = read();
          this.reset();
          this.inc({ result: 'hit' }, hits);
          this.inc({ result: 'miss' }, misses);
        },
      });
      const held = new Gauge({
        name: 'gatehouse_near_cache_sessions',
        help: 'Sessions in the near cache of this process.',
        registers: [],
        collect() {
          this.set(read().sessions);
        },
      });
      for (const metric of [loads, held]) registry.registerMetric(metric);
    },

    /** Adds the metrics that are read at each scrape. */
    addSources({ count, openStreams, attempts, droppedAuditRows }: MetricSources): void {
      const counted = figure({ read: count, isCached: true, timeoutMs: COUNT_TIMEOUT_MS });
      const active = (name: string, help: string, key: 'sessions' | 'users') =>
        new Gauge({
          name,
          help,
          registers,
          async collect() {
            // A storage that does not respond must not hide the other metrics.
            const value = await counted().catch(() => null);
            if (value) this.set(value[key]);
            else this.remove();
          },
        });
      active('gatehouse_active_sessions', 'Live sessions on this storage, all servers together. At most a minute old.', 'sessions');
      active('gatehouse_active_users', 'Users with a live session, all servers together. At most a minute old.', 'users');
      const streams = new Gauge({
        name: 'gatehouse_open_streams',
        help: 'Open streams of server-sent events of this process.',
        registers: [],
        collect() {
          this.set(openStreams());
        },
      });
      const droppedRows = new Counter({
        name: 'gatehouse_audit_rows_dropped_total',
        help: 'Rows of the audit trail that could not be written.',
        registers: [],
        collect() {
          this.reset();
          this.inc(droppedAuditRows());
        },
      });
      for (const metric of [streams, droppedRows]) registry.registerMetric(metric);
      if (!attempts) return;
      const passwordAttempts = new Gauge({
        name: 'gatehouse_password_attempts',
        help: 'Password checks of this process: running, or waiting in the queue.',
        labelNames: ['state'],
        registers: [],
        collect() {
          const { running, waiting } = attempts();
          this.set({ state: 'running' }, running);
          this.set({ state: 'waiting' }, waiting);
        },
      });
      registry.registerMetric(passwordAttempts);
    },
  };
}

export type MetricsRegistry = Awaited<ReturnType<typeof createMetricsRegistry>>;
