import { ok, warning, type Check } from '../check.ts';

/** The least time in which load balancers notice a stop and close idle connections, with the files in `deploy/`. */
const SHORTEST_MS = 2000;

/**
 * Warns in production if there is a proxy (`TRUST_PROXY`) and `SHUTDOWN_DRAIN` is less than 2 seconds: the proxy needs some time to notice
 * that a server stops, and the requests that it sends until then fail at every restart. The server can need three times `SHUTDOWN_DRAIN`,
 * and then `SHUTDOWN_GRACE`; the process manager must wait longer than that before it kills the server (`TimeoutStopSec` of systemd,
 * `stop_grace_period` of Compose, `terminationGracePeriodSeconds` of Kubernetes).
 */
export const shutdownDrain: Check = {
  id: 'shutdown-drain',
  needs: ['SHUTDOWN_DRAIN', 'SHUTDOWN_GRACE', 'TRUST_PROXY', 'NODE_ENV'],
  judge({ settings: { environment, server } }) {
    const { shutdownDrainMs, shutdownGraceMs, trustProxy } = server;
    if (environment === 'production' && trustProxy !== false && shutdownDrainMs < SHORTEST_MS)
      return warning(
        `SHUTDOWN_DRAIN is ${shutdownDrainMs / 1000} although there is a proxy: requests that it sends before it notices a restart fail.`,
        'Remove SHUTDOWN_DRAIN; in production, the default is 5 seconds.',
      );
    const longest = (3 * shutdownDrainMs + shutdownGraceMs) / 1000;
    return ok(`A stop takes at most ${longest} s. The process manager must wait longer before it kills the server.`);
  },
};
