import { setTimeout as sleep } from 'node:timers/promises';
import { createBrowser, type Answer, type Browser } from './browser.ts';
import type { KillFixture } from './kill-fixture.ts';
import { sameBrowserAt } from './race-processes.ts';

/** Number of concurrent clients. */
const CLIENTS = 6;

/** Time from the first response until the kill, different each round. */
const underLoadMs = (round: number): number => 20 + ((round * 37) % 100);

interface Figures {
  sent: number;
  answered: number;
  /** No response, because the server was killed. */
  cut: number;
  longestMs: number;
}

/** Known state of a browser's session; undefined while a deciding request has no response. */
interface Known {
  readonly browser: Browser;
  readonly userId: string;
  signedIn: boolean | undefined;
  /** Acknowledged increments, and all that were sent. */
  counted: number;
  sent: number;
}

class ServerKilled extends Error {}

/** Repeats: load, kill, restart, check. Compares every acknowledged response with the state afterwards. */
export async function killRounds(fixture: KillFixture, kills: number) {
  const figures: Figures = { sent: 0, answered: 0, cut: 0, longestMs: 0 };
  const problems: string[] = [];
  const all: Known[] = [];
  let underLoad: () => void = () => undefined;

  for (let round = 0; round < kills; round += 1) {
    const users = await Promise.all(
      Array.from({ length: CLIENTS }, async () => [await fixture.newUser(), await fixture.newUser()] as const),
    );
    const known: Known[] = [];
    const { url } = fixture.server();
    const clients = Promise.allSettled(users.map((pair, client) => ask(pair, url, known, client % 2 === 1)));
    // If no client gets a response, the outcomes below say why.
    await Promise.race([new Promise<void>((resolve) => (underLoad = resolve)), clients]);
    await sleep(underLoadMs(round));
    await fixture.kill();
    for (const outcome of await clients)
      if (!(outcome.status === 'rejected' && outcome.reason instanceof ServerKilled)) problems.push(`A client ended: ${reasonOf(outcome)}`);
    problems.push(...(await fixture.damage()));
    await fixture.start();
    await look(known, `kill ${round + 1}`);
    all.push(...known);
  }
  // State from the first kills must survive all later ones.
  await look(all, 'the end');
  return { figures, browsers: all.length, problems };

  /**
   * Signs in twice, changes data, ends one session from the other, signs out, signs in again, signs in as another user
   * from a session, and signs out with the previous cookie, until the server is gone. Every other client starts with
   * the second half.
   */
  async function ask([userId, guest]: readonly [string, string], url: string, known: Known[], isSecondHalf: boolean): Promise<never> {
    for (let isFirstHalf = !isSecondHalf; ; isFirstHalf = !isFirstHalf) await (isFirstHalf ? changeAndEnd() : signInAsAnother());

    async function changeAndEnd(): Promise<void> {
      const first = await signIn();
      await increment(first);
      const second = await signIn();
      await increment(second);
      const others = known.filter((one) => one.userId === userId && one !== second);
      await ending(others, () => second.browser.post('/sign-out-others'));
      await ending([second], () => second.browser.post('/sign-out'));
      await increment(await signIn());
    }

    async function signInAsAnother(): Promise<void> {
      await signInFrom(await signIn());
      const before = await signIn();
      const after = await signInFrom(before);
      await ending([after], () => sameBrowserAt(url, before.browser).post('/sign-out'));
    }

    /**
     * A session's browser signs in as another user. A client with the previous cookie is then signed out, and can end
     * the new session.
     */
    async function signInFrom(before: Known): Promise<Known> {
      // Which data is copied is not tested here.
      const one: Known = { browser: sameBrowserAt(url, before.browser), userId: guest, signedIn: undefined, counted: 0, sent: before.sent };
      before.signedIn = undefined;
      await counted(() => one.browser.post(`/sign-in?user=${guest}&epoch=0`));
      [before.signedIn, one.signedIn] = [false, true];
      known.push(one);
      return one;
    }

    async function signIn(): Promise<Known> {
      const one: Known = { browser: createBrowser(url), userId, signedIn: undefined, counted: 0, sent: 0 };
      await counted(() => one.browser.post(`/sign-in?user=${userId}&epoch=0`));
      one.signedIn = true;
      known.push(one);
      return one;
    }

    async function increment(one: Known): Promise<void> {
      one.sent += 1;
      await counted(() => one.browser.post('/increment'));
      one.counted += 1;
    }
  }

  async function ending(ended: readonly Known[], request: () => Promise<Answer>): Promise<void> {
    // The browser drops its cookie after the response; a thief would not.
    const jars = ended.map(({ browser }) => new Map(browser.cookies));
    const before = ended.map(({ signedIn }) => signedIn);
    for (const one of ended) if (one.signedIn) one.signedIn = undefined;
    await counted(request);
    for (const [index, one] of ended.entries()) {
      one.signedIn = before[index] === undefined ? undefined : false;
      for (const [name, value] of jars[index] ?? []) one.browser.cookies.set(name, value);
    }
  }

  async function counted(request: () => Promise<Answer>): Promise<void> {
    figures.sent += 1;
    const begun = performance.now();
    let answer: Answer;
    try {
      answer = await request();
    } catch (error) {
      figures.cut += 1;
      throw new ServerKilled('', { cause: error });
    }
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    figures.answered += 1;
    underLoad();
    figures.longestMs = Math.max(figures.longestMs, performance.now() - begun);
  }

  async function look(known: readonly Known[], when: string): Promise<void> {
    const { url } = fixture.server();
    for (let start = 0; start < known.length; start += 20) await Promise.all(known.slice(start, start + 20).map(check));

    async function check(one: Known): Promise<void> {
      const browser = sameBrowserAt(url, one.browser);
      const { signedIn, count } = (await browser.get('/state')).json<{ signedIn: boolean; count: number }>();
      const name = `session of ${one.userId} after ${when}`;
      if (one.signedIn !== undefined && one.signedIn !== signedIn) problems.push(`${name}: ${one.signedIn ? 'lost' : 'back again'}`);
      if (signedIn && (count < one.counted || count > one.sent))
        problems.push(`${name}: ${count} increments of ${one.counted} acknowledged and ${one.sent} sent`);
    }
  }
}

const reasonOf = (outcome: PromiseSettledResult<never>): string =>
  outcome.status === 'rejected' ? String(outcome.reason) : 'without an error';
