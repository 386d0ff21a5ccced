import { StorageUnavailableError } from '../../errors.ts';
import { aroundCommands } from './around-commands.ts';
import { GivenUpError } from './patience.ts';
import { redisError } from './redis-unavailable.ts';
import type { TimeLimits } from './time-limits.ts';

/** Of the time limit, which is the socket's as well. */
const TICKS = 8;

export interface Listening<Commands> {
  readonly commands: Commands;
  stop(): void;
}

/** Questions to one node that are open, and for how many ticks nothing has come from there. */
interface Ear {
  open: number;
  ticks: number;
}

/**
 * Asks a server nothing more once it has been silent for too long with questions open. Each write begins the socket's time limit anew
 * (https://nodejs.org/api/net.html#socketsettimeouttimeout-callback), so under load the library would never find out that a connection is
 * dead, and would keep writing into it for a quarter of an hour. Left alone, it does, and connects anew.
 *
 * An outage is thrown as a StorageUnavailableError: see redis-unavailable.ts.
 *
 * In ticks and not by the clock: a process that had no time to listen has not been met with silence.
 */
export function unlessSilent<Commands extends object>(
  client: Commands,
  { silentMs }: TimeLimits,
  nodeOf: (key: string) => string,
): Listening<Commands> {
  const ears = new Map<string, Ear>();
  const timer = setInterval(() => {
    for (const [node, ear] of ears) {
      if (ear.open > 0) ear.ticks += 1;
      else ears.delete(node);
    }
  }, silentMs / TICKS).unref();

  function earOf(node: string): Ear {
    const ear = ears.get(node) ?? { open: 0, ticks: 0 };
    ears.set(node, ear);
    return ear;
  }

  const commands = aroundCommands(client, async (ask, [keys]) => {
    const ear = earOf(nodeOf(String([keys].flat()[0])));
    if (ear.ticks >= TICKS) throw new StorageUnavailableError(`Redis has not answered anything for ${silentMs} ms.`);
    ear.open += 1;
    let isHeard = true;
    try {
      return await ask();
    } catch (error) {
      isHeard = !(error instanceof GivenUpError);
      throw redisError(error);
    } finally {
      ear.open -= 1;
      if (isHeard) ear.ticks = 0;
    }
  });
  return { commands, stop: () => clearInterval(timer) };
}
