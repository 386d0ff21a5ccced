import { expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('a computer whose clock is a day off shows the session’s clocks right', async ({ page, server }) => {
  await page.clock.install({ time: Date.now() + DAY_MS });
  await signIn(page, server.people.user);
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toMatch(/Expires in 13 days.*Signed injust now/);
});

test('a page that is left alone counts on by itself and asks nothing, so it keeps no session alive', async ({ page, server }) => {
  await page.clock.install();
  await signIn(page, server.people.user);
  await page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem').first().waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.clock.fastForward('02:00:00');
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toContain('Signed in2 hours ago');
  expect(asked).toEqual([]);
});
