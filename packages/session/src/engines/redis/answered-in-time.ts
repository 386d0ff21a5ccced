import { aroundCommands } from './around-commands.ts';
import { createPatience } from './patience.ts';

/** As long as a server that hangs is waited for: socketTimeout and a ping. */
const HELD_BACK_MS = 1000;

/**
 * The library holds commands back while Sentinel knows no master, however long that is. Elsewhere they fail at once, and
 * within a second where a server hangs.
 */
export function answeredInTime<Commands extends object>(client: Commands): Commands {
  const inTime = createPatience({ forMs: HELD_BACK_MS, otherwise: `Sentinel named no master that answers within ${HELD_BACK_MS} ms.` });
  return aroundCommands(client, inTime);
}
