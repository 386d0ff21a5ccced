import { visit } from './visitor.ts';

export interface Race {
  readonly title: string;
  /** How many times something was lost or came back, of how many. */
  run(url: string): Promise<{ broken: number; of: number }>;
}

let round = 0;
const fresh = (word: string): string => `${word}-${(round += 1)}`;

async function times(count: number, attempt: () => Promise<boolean>): Promise<{ broken: number; of: number }> {
  let broken = 0;
  for (let done = 0; done < count; done += 1) if (await attempt()) broken += 1;
  return { broken, of: count };
}

/** The races of docs/decisions/0002-no-upsert.md. */
export const RACES: readonly Race[] = [
  {
    title: 'Sign-out during a slow write: the session lives again',
    run: (url) =>
      times(20, async () => {
        const browser = await visit(url);
        const [meeting, signal] = [fresh('meeting'), fresh('signal')];
        const slow = browser.post(`/draft?meeting=${meeting}&signal=${signal}`);
        await browser.post(`/sign-out?meeting=${meeting}`);
        await browser.post(`/signal?signal=${signal}`);
        await slow;
        return (await browser.me()).visitor !== undefined;
      }),
  },
  {
    title: 'Two requests set different keys: one is lost',
    run: (url) =>
      times(50, async () => {
        const browser = await visit(url);
        const meeting = fresh('meeting');
        await Promise.all(['left', 'right'].map((key) => browser.post(`/set/${key}?meeting=${meeting}`)));
        const { left, right } = await browser.me();
        return left !== 'set' || right !== 'set';
      }),
  },
  {
    title: '50 increments at once: increments lost',
    async run(url) {
      const browser = await visit(url);
      await Promise.all(Array.from({ length: 50 }, () => browser.post('/increment')));
      return { broken: 50 - ((await browser.me()).count ?? 0), of: 50 };
    },
  },
];
