import { openConnection } from './connection.ts';

// The load generator. It is a separate process, so that its CPU time is not counted for a server.

/** A burst of load: each connection sends its next request after the response to the last. */
export interface Burst {
  readonly port: number;
  /** One raw request per connection. */
  readonly requests: readonly string[];
  readonly durationMs: number;
}

export interface BurstResult {
  readonly requests: number;
  /** Responses with another status than 200. */
  readonly failures: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

async function run({ port, requests, durationMs }: Burst): Promise<BurstResult> {
  const connections = await Promise.all(requests.map(() => openConnection(port)));
  const latencies: number[] = [];
  let failures = 0;
  const began = performance.now();
  await Promise.all(
    connections.map(async (connection, index) => {
      const bytes = Buffer.from(requests[index] ?? '', 'latin1');
      while (performance.now() - began < durationMs) {
        const { status, ms } = await connection.send(bytes);
        if (status !== 200) failures += 1;
        latencies.push(ms);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const connection of connections) connection.close();
  latencies.sort((one, other) => one - other);
  return {
    requests: latencies.length,
    failures,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    perSecond: latencies.length / seconds,
  };
}

/** The numbers must be sorted. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

process.on('message', (burst: Burst) => {
  void run(burst).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
