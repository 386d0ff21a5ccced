import { expect } from 'vitest';
import { startGatehouse } from './support/gatehouse-server.ts';
import { sendSignIn, signOutButton, waitForLoginPage, currentPath } from './support/sign-in.ts';
import { test as base } from './support/test.ts';

// Vitest derives the dependencies of a fixture from its destructuring pattern, which is empty here.
/* oxlint-disable no-empty-pattern */

/** The same build as in the other tests: only the setting differs. */
const test = base.extend('server', { scope: 'file' }, async ({}, { onCleanup }) =>
  // The port 0 stands for the one that the system chooses.
  startGatehouse(onCleanup, { PUBLIC_URL: 'http://localhost:0/app' }),
);

test('below a path, sign-in, reload, links, downloads and sign-out of all tabs stay below it', async ({ page, context, server }) => {
  expect(new URL(server.address).pathname).toBe('/app');
  const outside: string[] = [];
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (!/^\/app(\/|$)/.test(pathname)) outside.push(pathname);
  });

  await page.goto(`${server.address}/profile?code=007#name`);
  expect((await waitForLoginPage(page)).pathname).toBe('/app/login');
  await sendSignIn(page, server.users.user);
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  expect(currentPath(page)).toBe('/app/profile?code=007#name');
  expect((await context.cookies()).filter(({ httpOnly }) => httpOnly).map(({ path }) => path)).toEqual(['/app', '/app']);

  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Profile' }).waitFor();
  await page.getByRole('link', { name: 'Sessions' }).first().click();
  await page.waitForURL(`${server.address}/sessions`);

  const second = await context.newPage();
  await second.goto(server.address);
  await second.getByRole('heading', { level: 1, name: /^Welcome/ }).waitFor();
  const download = second.waitForEvent('download');
  await second.getByRole('link', { name: 'Download my data' }).click();
  expect((await download).suggestedFilename()).toBe('gatehouse-account.json');

  await signOutButton(page).click();
  expect((await waitForLoginPage(page)).pathname).toBe('/app/login');
  expect((await waitForLoginPage(second)).pathname).toBe('/app/login');
  expect(outside).toEqual([]);
});

test('a download that requires a session starts after sign-in', async ({ page, server }) => {
  await page.goto(`${server.address}/account/export`);
  expect((await waitForLoginPage(page)).searchParams.get('next')).toBe('/app/account/export');
  const download = page.waitForEvent('download');
  await sendSignIn(page, server.users.user);
  expect((await download).suggestedFilename()).toBe('gatehouse-account.json');
});
