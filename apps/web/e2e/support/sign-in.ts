import { AJAX_HEADER, AJAX_HEADER_VALUE, TRPC_PATH } from '@gatehouse/contract';
import type { Page } from 'playwright-core';
import type { Person } from './gatehouse-server.ts';

export const identifierField = (page: Page) => page.getByLabel('User name or e-mail');
export const passwordField = (page: Page) => page.getByLabel('Password', { exact: true });
export const submitButton = (page: Page) => page.getByRole('button', { name: 'Sign in' });
export const signOutButton = (page: Page) => page.getByRole('button', { name: 'Sign out' });

/** Fills the form that is on the page, and sends it. */
export async function sendSignIn(page: Page, { username, password }: Person): Promise<void> {
  await identifierField(page).fill(username);
  await passwordField(page).fill(password);
  await submitButton(page).click();
}

/** Signs the browser in past the form, for tests that are about what comes after, and opens a page. */
export async function signIn(page: Page, { username, password }: Person, path = '/'): Promise<void> {
  const answer = await page.request.post(`${TRPC_PATH}/auth.login`, {
    headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE },
    data: { identifier: username, password, remember: true },
  });
  if (!answer.ok()) throw new Error(`Signing in was answered ${answer.status()}: ${await answer.text()}`);
  await page.goto(path);
  await signOutButton(page).waitFor();
}

/** Waits for the login page: its address is set before its content is there. */
export async function untilLoginPage(page: Page): Promise<URL> {
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  return new URL(page.url());
}

/** The path, query and hash that one is at. */
export const whereabouts = (page: Page): string => {
  const { pathname, search, hash } = new URL(page.url());
  return pathname + search + hash;
};
