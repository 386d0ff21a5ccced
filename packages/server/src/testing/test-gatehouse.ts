import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AttributeChanges, Role, SessionUser } from '@gatehouse/contract';
import {
  createTestClock,
  signInAs as signInSessionAs,
  type SignInAsOptions,
  type TestClock,
  type TestSession,
} from '@gatehouse/session/testing';
import { readSettings, type Env } from '@gatehouse/settings';
import { createGatehouse } from '../create-gatehouse.ts';
import type { GatehouseOptions } from '../gatehouse-options.ts';
import type { Gatehouse } from '../gatehouse.ts';

/** An account for a test. */
export interface TestAccount {
  readonly username: string;
  /** @default 'user' */
  readonly role?: Role | undefined;
  /** @default the user name */
  readonly name?: string | undefined;
  /** @default `<username>@example.org` */
  readonly email?: string | undefined;
  /** At least 8 characters, and not a common one. @default TEST_PASSWORD */
  readonly password?: string | undefined;
  /** Custom user fields. @default those of the schema */
  readonly attributes?: AttributeChanges | undefined;
}

export const TEST_PASSWORD = 'a test password of 2030';

export interface TestGatehouseOptions extends Pick<
  GatehouseOptions,
  'attributes' | 'expiry' | 'limitsNow' | 'logger' | 'onCorruptSession' | 'sessionData' | 'signInPath' | 'trpcPath'
> {
  /** Settings by name, such as `{ SESSION_COOKIE_AGE: '3600' }`. */
  readonly env?: Env | undefined;
  readonly accounts?: readonly TestAccount[] | undefined;
  /** For sessions. Rate limits of sign-in have the real clock. @default createTestClock() */
  readonly clock?: TestClock | undefined;
}

export interface TestGatehouse extends Gatehouse {
  readonly clock: TestClock;
  /** The account with this user name. @throws Error if there is none */
  user(username: string): Promise<SessionUser>;
  /** Signs an account in without a password. */
  signInAs(username: string, options?: SignInAsOptions): Promise<TestSession>;
}

/** As little work as the hash allows: the passwords of a test protect nothing. */
const FAST_HASHING = { memoryKib: 8, passes: 1 };

/**
 * Gatehouse for the tests of an app: a new SQLite database in a temporary folder, accounts, and a clock to move. Nothing of the environment
 * or of `.env` is used. `close` removes the folder.
 *
 *     const gatehouse = await createTestGatehouse({ accounts: [{ username: 'ada' }] });
 *     const app = createApp(gatehouse);
 *     const session = await gatehouse.signInAs('ada');
 */
export async function createTestGatehouse({
  accounts: wanted = [],
  clock = createTestClock(),
  env,
  ...options
}: TestGatehouseOptions = {}): Promise<TestGatehouse> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-test-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  let gatehouse: Gatehouse | undefined;
  try {
    gatehouse = await createGatehouse({
      ...options,
      settings: readSettings(
        { ...TEST_ENV, SESSION_SECRET: randomBytes(32).toString('base64url'), GATEHOUSE_DATA_DIR: folder, ...env },
        { projectRoot: folder },
      ),
      hashing: FAST_HASHING,
      now: clock.now,
    });
    for (const account of wanted) await create(gatehouse, account);
  } catch (error) {
    await gatehouse?.close();
    await remove();
    throw error;
  }
  const opened = gatehouse;

  async function user(username: string): Promise<SessionUser> {
    const found = await opened.accounts.findUser(username);
    if (!found)
      throw new Error(`There is no account "${username}". Give it to createTestGatehouse({ accounts: [{ username: '${username}' }] }).`);
    return found;
  }

  return {
    ...opened,
    clock,
    user,
    async signInAs(username, signIn) {
      const grant = await opened.accounts.forSignIn((await user(username)).id);
      if (!grant) throw new Error(`The account "${username}" may not sign in, because it is suspended.`);
      return signInSessionAs(opened, grant.user, { credentialEpoch: grant.credentialEpoch, ...signIn });
    },
    async close() {
      await opened.close();
      await remove();
    },
  };
}

/** So that a test does not depend on the machine. */
const TEST_ENV = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  SESSION_ENGINE: 'db',
  PUBLIC_URL: 'http://localhost:3000',
};

async function create({ accounts }: Gatehouse, account: TestAccount): Promise<void> {
  const { username, role = 'user', name = username, email = `${username}@example.org`, password = TEST_PASSWORD, attributes } = account;
  const outcome = await accounts.createUser({ username, role, name, email, password });
  if (!outcome.ok) throw new Error(`The account "${username}" could not be created: ${JSON.stringify(outcome.problems)}`);
  if (attributes) await accounts.updateAttributes(outcome.user.id, attributes);
}
