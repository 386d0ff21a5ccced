import { stopwatch } from '@gatehouse/prisma/testing';
import { expect, vi } from 'vitest';
import { expectUnavailable, timed, type TimedAnswer } from './expect-unavailable.ts';
import type { RunningApp } from './running-app.ts';
import { AJAX, type Visitor } from './visitor.ts';

/** From the end of a fault until sessions work again. */
const HEALED_WITHIN_MS = 2000;

const JSON_POST: RequestInit = { method: 'POST', headers: { ...AJAX, 'content-type': 'application/json' } };

/** Requests of a browser that need storage. */
export const REQUESTS = {
  me: (browser) => browser.fetch('/trpc/auth.me'),
  update: (browser) => browser.fetch('/trpc/account.updateProfile', { ...JSON_POST, body: '{"name":"Ada"}' }),
  signOut: (browser) => browser.fetch('/trpc/auth.logout', { ...JSON_POST, body: '' }),
  signIn: (browser) => browser.fetch('/trpc/auth.login', { ...JSON_POST, body: '{"identifier":"ada","password":"correct horse battery"}' }),
  signInWrongly: (browser) => browser.fetch('/trpc/auth.login', { ...JSON_POST, body: '{"identifier":"ada","password":"wrong"}' }),
  download: (browser) => browser.fetch('/account/export', { headers: { 'x-requested-with': 'XMLHttpRequest' } }),
  page: (browser) => browser.fetch('/account/export', { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } }),
} satisfies Record<string, (browser: Visitor) => Promise<Response>>;

export type FaultFigures = ReturnType<typeof faultFigures>;

/** Counts the requests during one fault: sent, answered, lost, and the longest wait. `print` logs them in one line. */
export function faultFigures(app: RunningApp, fault: string) {
  let [sent, answered, longestMs] = [0, 0, 0];

  async function ask(request: Promise<Response>): Promise<TimedAnswer> {
    sent += 1;
    const answer = await timed(request);
    answered += 1;
    longestMs = Math.max(longestMs, answer.tookMs);
    return answer;
  }

  /** Expects a 503 within the time limit for each request, and an unchanged cookie. */
  async function expectAllUnavailable(browser: Visitor, requests: readonly (keyof typeof REQUESTS)[]): Promise<void> {
    const { cookie } = browser;
    const answers = await Promise.all(
      requests.map(async (name) => {
        const answer = await ask(REQUESTS[name](browser));
        // The plain-text page for people has no error code.
        return answer.headers.get('content-type')?.startsWith('text/plain') ? { ...answer, text: 'STORAGE_UNAVAILABLE' } : answer;
      }),
    );
    for (const answer of answers) expectUnavailable(answer);
    expect(browser.cookie).toBe(cookie);
  }

  async function expectHealth(ready: 200 | 503): Promise<void> {
    const [health, readiness] = await Promise.all([ask(fetch(`${app.url}/healthz`)), ask(fetch(`${app.url}/readyz`))]);
    expect([health.status, readiness.status]).toEqual([200, ready]);
  }

  /** Expects that the same cookie works again without a restart. @returns how long that took. */
  async function expectHealed(browser: Visitor): Promise<number> {
    const healed = stopwatch();
    await vi.waitFor(async () => expect((await browser.fetch('/trpc/auth.me')).status).toBe(200), { timeout: 20_000, interval: 20 });
    const tookMs = healed();
    expect(tookMs).toBeLessThan(HEALED_WITHIN_MS);
    expect((await browser.query('auth.me')).data.user.username).toBe('ada');
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    return tookMs;
  }

  return {
    ask,
    expectAllUnavailable,
    expectHealth,
    expectHealed,
    print(healedMs?: number): void {
      expect(answered).toBe(sent);
      const healed = healedMs === undefined ? '' : `, healed after ${healedMs.toFixed(0)} ms`;
      console.log(
        `${fault}: ${sent} sent, ${answered} answered, lost = ${sent - answered}, longest wait ${longestMs.toFixed(0)} ms${healed}`,
      );
    },
  };
}
