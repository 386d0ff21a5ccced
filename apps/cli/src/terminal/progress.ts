import { printable } from './printable.ts';

/** Work that takes less time shows nothing. */
const DELAY_MS = 1000;
const REDRAW_MS = 100;
const BAR_WIDTH = 20;

const CLEAR_LINE = '\r\u001b[2K';

export interface Progress {
  /** Reports how much is done. `total` may change or become known; without it, neither bar nor remaining time is shown. */
  update(done: number, total?: number): void;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

interface ProgressOptions {
  /** Default: stderr, because stdout is for results. */
  readonly output?: Output;
  /** Milliseconds of a clock that never jumps. Default: the process's. */
  readonly now?: () => number;
}

/**
 * Runs work that may take longer than a second. Meanwhile, a line on the terminal shows what is done, the speed and the remaining time; it is
 * removed afterwards. Without a terminal, nothing is shown.
 */
export async function withProgress<T>(
  label: string,
  work: (progress: Progress) => Promise<T>,
  { output = process.stderr, now = performance.now.bind(performance) }: ProgressOptions = {},
): Promise<T> {
  if (output.isTTY !== true) return work({ update: () => undefined });
  const begunAt = now();
  let [done, total]: [number, number | undefined] = [0, undefined];
  let isShown = false;
  const draw = (): void => {
    const elapsedMs = now() - begunAt;
    if (elapsedMs < DELAY_MS) return;
    isShown = true;
    const line = progressLine({ label, done, total, elapsedMs });
    output.write(`${CLEAR_LINE}${line.slice(0, Math.max(10, (output.columns ?? 80) - 1))}`);
  };
  const timer = setInterval(draw, REDRAW_MS);
  let drawnAt = begunAt;
  try {
    return await work({
      update(nowDone, nowTotal) {
        done = nowDone;
        total = nowTotal ?? total;
        // The timer cannot run while work is synchronous, as on SQLite.
        if (now() - drawnAt < REDRAW_MS) return;
        drawnAt = now();
        draw();
      },
    });
  } finally {
    clearInterval(timer);
    if (isShown) output.write(CLEAR_LINE);
  }
}

interface State {
  readonly label: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly elapsedMs: number;
}

/** `Copying sessions  [##########----------]  50 %  50,000 of 100,000  5,000/s  10 s left` */
export function progressLine({ label, done, total, elapsedMs }: State): string {
  const perSecond = (done * 1000) / elapsedMs;
  const speed = done === 0 ? [] : [`${count(perSecond)}/s`];
  const name = printable(label);
  if (total === undefined || total === 0) return [name, ...(done === 0 ? [duration(elapsedMs)] : [count(done)]), ...speed].join('  ');
  const share = Math.min(1, done / total);
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
  const left = done === 0 ? [] : [`${duration((Math.max(0, total - done) * 1000) / perSecond)} left`];
  return [name, bar, `${Math.floor(share * 100)} %`, `${count(done)} of ${count(total)}`, ...speed, ...left].join('  ');
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const count = (value: number): string => number.format(value);

/** `45 s`, `3 min 5 s`, `2 h 10 min` */
function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
