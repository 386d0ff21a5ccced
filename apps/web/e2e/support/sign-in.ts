import { AJAX_HEADER, AJAX_HEADER_VALUE, TRPC_PATH } from '@gatehouse/contract';
import type { Page } from 'playwright-core';
import type { Credentials } from './gatehouse-server.ts';

export const identifierField = (page: Page) => page.getByLabel('User name or e-mail');
export const passwordField = (page: Page) => page.getByLabel('Password', { exact: true });
export const submitButton = (page: Page) => page.getByRole('button', { name: 'Sign in' });
/** In the header. Exact, because the list of sessions has one as well: "Sign out: this session". */
export const signOutButton = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true });

/** Fills in and submits the sign-in form. */
export async function sendSignIn(page: Page, { username, password }: Credentials): Promise<void> {
  await identifierField(page).fill(username);
  await passwordField(page).fill(password);
  await submitButton(page).click();
}

/** Signs in without the form, for tests that are not about signing in, and opens a page. */
export async function signIn(page: Page, { username, password }: Credentials, path = '/'): Promise<void> {
  const response = await page.request.post(`${TRPC_PATH}/auth.login`, {
    headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE },
    data: { identifier: username, password, remember: true },
  });
  if (!response.ok()) throw new Error(`Sign-in failed with ${response.status()}: ${await response.text()}`);
  await page.goto(path);
  await signOutButton(page).waitFor();
}

/** Waits for the login page, and returns its URL. Its content appears after its URL is set. */
export async function waitForLoginPage(page: Page): Promise<URL> {
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  return new URL(page.url());
}

/** The current path, query and hash. */
export const currentPath = (page: Page): string => {
  const { pathname, search, hash } = new URL(page.url());
  return pathname + search + hash;
};
