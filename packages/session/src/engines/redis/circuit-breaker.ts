import { StorageUnavailableError } from '../../errors.ts';
import { CommandTimeoutError } from './command-timeout.ts';
import { redisError } from './redis-unavailable.ts';
import type { TimeLimits } from './time-limits.ts';
import { wrapCommands } from './wrap-commands.ts';

/** Number of ticks into which `silentMs`, also the socket's timeout, is divided. */
const TICKS = 8;

export interface CircuitBreaker<Commands> {
  readonly commands: Commands;
  stop(): void;
}

/** Commands in flight to one node, and how many ticks have passed since its last reply. */
interface NodeState {
  inFlight: number;
  missedTicks: number;
}

/**
 * Fails commands at once when a node has not replied for `silentMs` while commands are in flight. Every write restarts
 * the socket's timeout (https://nodejs.org/api/net.html#socketsettimeouttimeout-callback), so under load the client
 * would take about 15 minutes to notice a dead connection. When nothing is written, the timeout fires and the client
 * reconnects.
 *
 * Outages are thrown as StorageUnavailableError: see redis-unavailable.ts.
 *
 * Silence is counted in timer ticks, not by the clock: a process that was blocked could not read replies either.
 */
export function withCircuitBreaker<Commands extends object>(
  client: Commands,
  { silentMs }: TimeLimits,
  nodeOf: (key: string) => string,
): CircuitBreaker<Commands> {
  const nodes = new Map<string, NodeState>();
  const timer = setInterval(() => {
    for (const [name, node] of nodes) {
      if (node.inFlight > 0) node.missedTicks += 1;
      else nodes.delete(name);
    }
  }, silentMs / TICKS).unref();

  function stateOf(name: string): NodeState {
    const node = nodes.get(name) ?? { inFlight: 0, missedTicks: 0 };
    nodes.set(name, node);
    return node;
  }

  const commands = wrapCommands(client, async (send, [keys]) => {
    const node = stateOf(nodeOf(String([keys].flat()[0])));
    if (node.missedTicks >= TICKS) throw new StorageUnavailableError(`Redis has not replied for ${silentMs} ms.`);
    node.inFlight += 1;
    let gotReply = true;
    try {
      return await send();
    } catch (error) {
      gotReply = !(error instanceof CommandTimeoutError);
      throw redisError(error);
    } finally {
      node.inFlight -= 1;
      if (gotReply) node.missedTicks = 0;
    }
  });
  return { commands, stop: () => clearInterval(timer) };
}
