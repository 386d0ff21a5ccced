import { aroundCommands } from './around-commands.ts';
import { createPatience } from './patience.ts';
import type { TimeLimits } from './time-limits.ts';

/**
 * The library holds commands back while Sentinel knows no master, however long that is. Elsewhere they fail at once, and
 * within the same time where a server hangs.
 */
export function answeredInTime<Commands extends object>(client: Commands, { heldBackMs }: TimeLimits): Commands {
  const inTime = createPatience({ forMs: heldBackMs, otherwise: `Sentinel named no master that answers within ${heldBackMs} ms.` });
  return aroundCommands(client, inTime);
}
