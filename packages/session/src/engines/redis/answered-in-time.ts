import { setTimeout as sleep } from 'node:timers/promises';

/** As long as a server that hangs is waited for: socketTimeout and a ping. */
const HELD_BACK_MS = 1000;

/**
 * The library holds commands back while Sentinel knows no master, however long that is. Elsewhere they fail at once, and
 * within a second where a server hangs.
 */
export const answeredInTime = <Commands extends object>(client: Commands): Commands =>
  new Proxy(client, {
    get(commands, name) {
      const command = Reflect.get(commands, name) as unknown;
      if (typeof command !== 'function') return command;
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(command, commands, args);
        return answer instanceof Promise ? inTime(answer) : answer;
      };
    },
  });

async function inTime(answer: Promise<unknown>): Promise<unknown> {
  const timer = new AbortController();
  const late = sleep(HELD_BACK_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`Sentinel named no master that answers within ${HELD_BACK_MS} ms.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}
