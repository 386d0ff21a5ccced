import { aroundCommands } from './around-commands.ts';

/** As the socket's time limit. */
const SILENT_TICKS = 8;
const TICK_MS = 100;

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
 * Asks a server nothing more once it has been silent for 0.8 seconds with questions open. Each write begins the socket's time limit anew
 * (https://nodejs.org/api/net.html#socketsettimeouttimeout-callback), so under load the library would never find out that a connection is
 * dead, and would keep writing into it for a quarter of an hour. Left alone, it does, and connects anew.
 *
 * In ticks and not by the clock: a process that had no time to listen has not been met with silence.
 */
export function unlessSilent<Commands extends object>(client: Commands, nodeOf: (key: string) => string): Listening<Commands> {
  const ears = new Map<string, Ear>();
  const timer = setInterval(() => {
    for (const ear of ears.values()) ear.ticks = ear.open > 0 ? ear.ticks + 1 : 0;
  }, TICK_MS).unref();

  function earOf(node: string): Ear {
    const ear = ears.get(node) ?? { open: 0, ticks: 0 };
    ears.set(node, ear);
    return ear;
  }

  const commands = aroundCommands(client, async (ask, [keys]) => {
    const ear = earOf(nodeOf(String([keys].flat()[0])));
    if (ear.ticks >= SILENT_TICKS) throw new Error(`Redis has not answered anything for ${SILENT_TICKS * TICK_MS} ms.`);
    ear.open += 1;
    try {
      return await ask();
    } finally {
      ear.open -= 1;
      ear.ticks = 0;
    }
  });
  return { commands, stop: () => clearInterval(timer) };
}
