import { ok, warning, type Check } from '../check.ts';
import { isLoopbackHost } from '../facts/servers.ts';

/**
 * Warns if other machines can read `/metrics` without a token: `METRICS_PORT` is set, `METRICS_TOKEN` is not, and `HOST` is not this
 * machine only. Metrics tell how many people sign in and fail to, and when. You can ignore it if a firewall or the network of the
 * containers blocks the port.
 */
export const metrics: Check = {
  id: 'metrics',
  needs: ['METRICS_PORT', 'METRICS_TOKEN', 'HOST', 'NODE_ENV'],
  judge({ settings: { server } }) {
    if (server.metrics === undefined) return ok('There are no metrics.');
    const { port, token } = server.metrics;
    if (token !== undefined) return ok(`Metrics are on port ${port ?? server.port}, with a token.`);
    if (isLoopbackHost(server.host)) return ok(`Metrics are on port ${port}, for this machine only.`);
    return warning(
      `Anyone who can connect to port ${port} of ${server.host} can read the metrics: METRICS_TOKEN is not set.`,
      'Set METRICS_TOKEN, or let only Prometheus connect to that port, or set HOST=127.0.0.1 if proxy and Prometheus are on this machine.',
    );
  },
};
