import { performance } from 'node:perf_hooks';
import { gracefulStop, type GracefulStopOptions } from './graceful-stop.ts';
import { followSilent } from './silent-connections.ts';

export interface StopOnSignalsOptions extends Omit<GracefulStopOptions, 'closeSilent'> {
  /** Called once all requests are done or the grace period has expired. */
  readonly close: () => Promise<void>;
}

/** A signal that comes this soon is the same one: Ctrl+C and systemd send it to the process and to its parent, which passes it on. Milliseconds. */
const SAME_SIGNAL_MS = 1000;

/** The servers of this process. */
const servers: (GracefulStopOptions & StopOnSignalsOptions)[] = [];

/**
 * Stops on SIGTERM and SIGINT as `gracefulStop` does, then closes, and exits with 0; with 1 if closing fails. Called for several servers, it
 * stops all of them at the same time, and closes nothing before the last one has stopped. A second signal, at least a second later, exits at
 * once with 1.
 */
export function stopOnSignals(options: StopOnSignalsOptions): void {
  servers.push({ ...options, closeSilent: followSilent(options.server) });
  if (servers.length > 1) return;
  const { logger } = options;
  let beganAt: number | undefined;

  async function stop(): Promise<void> {
    if (beganAt !== undefined) {
      if (performance.now() - beganAt >= SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    beganAt = performance.now();
    try {
      await Promise.all(servers.map(gracefulStop));
      for (const { close } of servers) await close();
    } catch (error) {
      logger.error({ err: error }, 'The server could not stop in order.');
      process.exit(1);
    }
    logger.info({}, 'Stopped.');
    process.exit(0);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}
