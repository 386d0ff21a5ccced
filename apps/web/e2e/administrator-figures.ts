// `node apps/web/e2e/administrator-figures.ts <address> <user name> <password>`: what three tasks cost an administrator of the accounts that
// bench/src/admin/seed.ts has made: keys, clicks and the time that the pages take. For bench/ADMIN.md.
import { loadavg } from 'node:os';
import { AJAX_HEADER, AJAX_HEADER_VALUE } from '@gatehouse/contract';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { chromiumPath } from './support/chromium-path.ts';

const [address = '', username = '', password = ''] = process.argv.slice(2);
const ROUNDS = 5;

/**
 * Seconds for a key of an average typist, for a click with moving the mouse there, and for deciding on a step:
 * https://en.wikipedia.org/wiki/Keystroke-level_model
 */
const HUMAN_S = { key: 0.2, click: 1.3, step: 1.35 };

/** Counts what a person does. A text is one step, however many keys it has; the Enter after it needs no decision. */
function hands(page: Page) {
  const done = { keys: 0, clicks: 0, steps: 0 };
  return {
    done,
    async click(target: Locator): Promise<void> {
      await target.click();
      done.clicks += 1;
      done.steps += 1;
    },
    async type(text: string): Promise<void> {
      await page.keyboard.type(text);
      done.keys += text.length;
      done.steps += 1;
    },
    async press(key: string): Promise<void> {
      await page.keyboard.press(key);
      done.keys += key.split('+').length;
      if (key !== 'Enter') done.steps += 1;
    },
  };
}

type Hands = ReturnType<typeof hands>;

interface Task {
  readonly name: string;
  readonly run: (page: Page, hand: Hands, round: number) => Promise<void>;
}

const palette = (page: Page) => page.getByRole('combobox', { name: 'Commands and search' });

const TASKS: readonly Task[] = [
  {
    name: 'ending an unknown session of a user, from the command palette',
    async run(page, hand, round) {
      const user = await userWithSession(page, round);
      await hand.press('Control+k');
      await palette(page).waitFor();
      await hand.type(user);
      await page.getByRole('group', { name: 'Users' }).getByRole('option').first().waitFor();
      await hand.press('Enter');
      const sessions = page.getByRole('region', { name: 'Sessions' });
      await hand.click(sessions.getByRole('button', { name: /^End/ }).first());
      await hand.click(page.getByRole('dialog').getByRole('button', { name: /^End/ }));
      await page.getByText('Session ended.').waitFor();
    },
  },
  {
    name: 'ending the newest session of an unknown browser, from the list of all sessions',
    async run(page, hand) {
      await hand.click(page.getByRole('link', { name: 'All sessions' }));
      await hand.click(page.getByRole('textbox', { name: 'Browser or system' }));
      await hand.type('firefox');
      await page.waitForURL(/browser=firefox/);
      await page.getByRole('row').filter({ hasText: 'Firefox' }).first().waitFor();
      await hand.click(page.getByRole('row').filter({ hasText: 'Firefox' }).getByRole('button', { name: /^End/ }).first());
      await hand.click(page.getByRole('dialog').getByRole('button', { name: /^End/ }));
      await page.getByText('Session ended.').waitFor();
    },
  },
  {
    name: 'finding a user by the beginnings of name and e-mail address',
    async run(page, hand) {
      await hand.press('Control+k');
      await palette(page).waitFor();
      await hand.type('anna mail.777777');
      await page.getByRole('group', { name: 'Users' }).getByRole('option').first().waitFor();
      await hand.press('Enter');
      await page.getByRole('heading', { level: 1, name: /Anna Olwood/ }).waitFor();
    },
  },
  {
    name: 'seeing the failed sign-ins of last night',
    async run(page, hand) {
      await hand.click(page.getByRole('link', { name: 'Admin', exact: true }));
      await hand.click(page.getByRole('link', { name: 'Failed sign-ins of last night' }));
      await page.getByRole('row').filter({ hasText: 'Sign-in failed' }).first().waitFor();
    },
  },
];

/** The user name of somebody who is signed in. It is not part of the task. */
async function userWithSession(page: Page, round: number): Promise<string> {
  const input = encodeURIComponent(JSON.stringify({ limit: 25 }));
  const response = await page.request.get(`/trpc/admin.sessions.list?input=${input}`, { headers: { 'X-Gatehouse-Background': '1' } });
  const { sessions } = (await response.json()).result.data as { sessions: { user: { username: string } | null }[] };
  return sessions[round * 3]?.user?.username ?? '';
}

async function signedIn(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 860 }, locale: 'en' });
  const data = { identifier: username, password, remember: false };
  const response = await context.request.post('/trpc/auth.login', { headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE }, data });
  if (!response.ok()) throw new Error(`The sign-in was answered with ${response.status()}: ${await response.text()}`);
  return context;
}

const browser = await chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
try {
  console.log('| task | clicks | keys | pages s, median | at most | with a person s | load average |\n|---|--:|--:|--:|--:|--:|--:|');
  for (const { name, run } of TASKS) {
    const times: number[] = [];
    let hand: Hands | undefined;
    // oxlint-disable no-await-in-loop -- one after the other
    for (let round = 0; round < ROUNDS; round += 1) {
      // An empty cache each time.
      const context = await signedIn(browser);
      const page = await context.newPage();
      page.setDefaultTimeout(90_000);
      hand = hands(page);
      const begun = performance.now();
      await page.goto('/');
      await page.getByRole('link', { name: 'Admin', exact: true }).waitFor();
      await run(page, hand, round);
      times.push((performance.now() - begun) / 1000);
      await context.close();
    }
    // oxlint-enable no-await-in-loop
    const sorted = times.toSorted((one, other) => one - other);
    const [median, most] = [sorted[Math.floor(sorted.length / 2)] ?? NaN, sorted.at(-1) ?? NaN];
    const { clicks, keys, steps } = hand?.done ?? { clicks: NaN, keys: NaN, steps: NaN };
    const person = median + keys * HUMAN_S.key + clicks * HUMAN_S.click + steps * HUMAN_S.step;
    const cells = [name, clicks, keys, median.toFixed(1), most.toFixed(1), person.toFixed(1), (loadavg()[0] ?? 0).toFixed(1)];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  await browser.close();
}
