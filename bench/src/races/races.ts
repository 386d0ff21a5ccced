import { openBrowser } from './browser.ts';

export interface Race {
  readonly title: string;
  /** `broken`: how many of `of` attempts lost a change or revived a session. */
  run(url: string): Promise<{ broken: number; of: number }>;
}

let round = 0;
const uniqueName = (word: string): string => `${word}-${(round += 1)}`;

async function times(count: number, attempt: () => Promise<boolean>): Promise<{ broken: number; of: number }> {
  let broken = 0;
  for (let done = 0; done < count; done += 1) if (await attempt()) broken += 1;
  return { broken, of: count };
}

/** The races of docs/decisions/0002-no-upsert.md. */
export const RACES: readonly Race[] = [
  {
    title: 'Sign-out during a slow write: session revived',
    run: (url) =>
      times(20, async () => {
        const browser = await openBrowser(url);
        const [barrier, signal] = [uniqueName('barrier'), uniqueName('signal')];
        const slow = browser.post(`/draft?barrier=${barrier}&signal=${signal}`);
        await browser.post(`/sign-out?barrier=${barrier}`);
        await browser.post(`/signal?signal=${signal}`);
        await slow;
        return (await browser.me()).signedInAs !== undefined;
      }),
  },
  {
    title: 'Two requests set different keys: a change lost',
    run: (url) =>
      times(50, async () => {
        const browser = await openBrowser(url);
        const barrier = uniqueName('barrier');
        await Promise.all(['left', 'right'].map((key) => browser.post(`/set/${key}?barrier=${barrier}`)));
        const { left, right } = await browser.me();
        return left !== 'set' || right !== 'set';
      }),
  },
  {
    title: '50 concurrent increments: increments lost',
    async run(url) {
      const browser = await openBrowser(url);
      await Promise.all(Array.from({ length: 50 }, () => browser.post('/increment')));
      return { broken: 50 - ((await browser.me()).count ?? 0), of: 50 };
    },
  },
];
