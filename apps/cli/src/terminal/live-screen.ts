import { setTimeout as sleep } from 'node:timers/promises';

/** https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: alternate screen, cursor and line wrapping. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_REST_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

/** q, Ctrl+C and Ctrl+D. */
const ENDS = ['q', 'Q', '\u0003', '\u0004'];

export interface LiveScreenOptions {
  readonly intervalMs: number;
  /** Ends the screen. */
  readonly signal: AbortSignal;
  /** The lines to show now; those that do not fit are cut off. */
  readonly render: (size: { readonly rows: number }) => Promise<readonly string[]>;
}

/** Whether this process can show a live screen, and read keys. */
export const hasScreen = (): boolean => process.stdin.isTTY && process.stdout.isTTY;

/** Shows lines on the whole terminal and draws them again at each interval, until `q`, Ctrl+C or the signal. The terminal is as before afterwards. */
export async function liveScreen({ intervalMs, signal, render }: LiveScreenOptions): Promise<void> {
  const { stdin, stdout } = process;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  /** In raw mode the terminal sends Ctrl+C as a character, not as a signal. */
  const onKey = (key: Buffer): void => {
    if (ENDS.some((one) => key.toString().includes(one))) end();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  stdin.setRawMode(true);
  stdin.on('data', onKey).resume();
  stdout.write(ENTER);
  try {
    while (!ended.signal.aborted) {
      const rows = stdout.rows || 24;
      const lines = (await render({ rows })).slice(0, rows);
      stdout.write(`${HOME}${lines.map((line) => line + CLEAR_REST_OF_LINE).join('\r\n')}${CLEAR_BELOW}`);
      await pause(intervalMs, ended.signal);
    }
  } finally {
    signal.removeEventListener('abort', end);
    stdout.write(LEAVE);
    stdin.off('data', onKey).pause();
    stdin.setRawMode(false);
  }
}

/** Waits until the interval is over, the window has another size, or the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController();
  const wake = (): void => waiting.abort();
  process.stdout.once('resize', wake);
  signal.addEventListener('abort', wake, { once: true });
  await sleep(ms, undefined, { signal: waiting.signal }).catch(() => undefined);
  process.stdout.off('resize', wake);
  signal.removeEventListener('abort', wake);
}
