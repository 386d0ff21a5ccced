import { openConnection } from './connection.ts';

// The load generator. It is a separate process, so that its CPU time is not counted for a server.

/** A burst of load: each connection sends its next request after the response to the last. */
export interface Burst {
  readonly port: number;
  /** One raw request per connection. */
  readonly requests: readonly string[];
  readonly durationMs: number;
  /** Each connection sends this in place of every tenth request. Default: nothing else. */
  readonly everyTenth?: string | undefined;
}

/** Each request is sent once, over this many connections. */
export interface Sweep {
  readonly port: number;
  readonly requests: readonly string[];
  readonly connections: number;
}

export interface BurstResult {
  readonly requests: number;
  /** Responses with another status than 200. */
  readonly failures: number;
  /** Responses with status 200 to `everyTenth`. */
  readonly tenths: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

async function burst({ port, requests, durationMs, everyTenth }: Burst): Promise<BurstResult> {
  const other = everyTenth === undefined ? undefined : Buffer.from(everyTenth, 'latin1');
  const bytes = requests.map((request) => Buffer.from(request, 'latin1'));
  const began = performance.now();
  // At least one request of each kind per connection, even if the machine is too slow for that within the duration.
  const least = other ? 10 : 1;
  return measure(port, bytes.length, (connection, sent) => {
    if (sent >= least && performance.now() - began >= durationMs) return undefined;
    // Not all connections at the same time.
    return other && (sent + connection) % 10 === 9 ? { bytes: other, isTenth: true } : { bytes: bytes[connection] };
  });
}

function sweep({ port, requests, connections }: Sweep): Promise<BurstResult> {
  const left = requests.values();
  return measure(port, connections, () => {
    const { value } = left.next();
    return value === undefined ? undefined : { bytes: Buffer.from(value, 'latin1') };
  });
}

type NextRequest = (connection: number, sent: number) => { readonly bytes: Buffer | undefined; readonly isTenth?: true } | undefined;

/** Each connection sends until there is no next request for it. */
async function measure(port: number, count: number, next: NextRequest): Promise<BurstResult> {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)));
  const latencies: number[] = [];
  let failures = 0;
  let tenths = 0;
  const began = performance.now();
  await Promise.all(
    connections.map(async (connection, index) => {
      for (let sent = 0, request = next(index, sent); request?.bytes; sent += 1, request = next(index, sent)) {
        const { status, ms } = await connection.send(request.bytes);
        if (status !== 200) failures += 1;
        else if (request.isTenth) tenths += 1;
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
    tenths,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    perSecond: latencies.length / seconds,
  };
}

/** The numbers must be sorted. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

process.on('message', (task: Burst | Sweep) => {
  void ('durationMs' in task ? burst(task) : sweep(task)).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
