import { expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { signIn, untilLoginPage } from './support/sign-in.ts';
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
  // Code that is fetched ahead is nobody's activity.
  page.on('request', (request) => request.resourceType() === 'fetch' && asked.push(request.url()));
  await page.clock.fastForward('02:00:00');
  await eventually(() => page.getByRole('region', { name: 'This session' }).textContent()).toContain('Signed in2 hours ago');
  expect(asked).toEqual([]);
});

const notice = /Your session ends in \d minutes?\./;

test('before it ends the session is announced, and one click keeps it', async ({ page, server }) => {
  await page.clock.install();
  await signIn(page, server.people.user);
  await page.getByRole('region', { name: 'This session' }).getByText('Expires').waitFor();
  await page.clock.fastForward(14 * DAY_MS - 4 * 60_000);
  await page.getByText(notice).waitFor();
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await page.getByText(notice).waitFor({ state: 'detached' });
});

test('once it has ended, the page that was left open goes to the door by itself and keeps the way back', async ({
  page,
  server,
  problems,
}) => {
  problems.expect(/^Failed to load resource: .*401/);
  await page.clock.install();
  await signIn(page, server.people.user, '/profile');
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  // As the server will see it when the time has come.
  server.sql(`UPDATE gatehouse_session SET expires_at = '2020-01-01T00:00:00.000+00:00', renewed_at = '2020-01-01T00:00:00.000+00:00'`);
  await page.clock.fastForward(14 * DAY_MS + 60_000);
  const { search } = await untilLoginPage(page);
  expect(search).toContain('next=%2Fprofile');
  expect(search).toContain('reason=SESSION_EXPIRED');
});
