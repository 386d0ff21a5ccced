import {
  generatePassword,
  identifierKeysOf,
  InvalidCursorError,
  type Accounts,
  type CreateUserOutcome,
  type FoundUser,
} from '@gatehouse/accounts';
import { refuse, type AccountsPort, type FieldErrors } from '@gatehouse/api';
import type { EditableFields, UserRow } from '@gatehouse/contract';
import type { SignInLimits } from '@gatehouse/limits';
import type { Engine } from '@gatehouse/session';
import type { Request } from 'express';
import { withAccountRefusals } from './account-refusals.ts';
import type { ActivityLog } from './activity-log.ts';
import { checkedEdits } from './checked-edits.ts';
import { inBulk } from './in-bulk.ts';

export interface AdministrationParts {
  readonly accounts: Accounts;
  readonly engine: Engine;
  readonly limits: SignInLimits;
  readonly activity: ActivityLog;
  /** The app's own fields that forms may change. */
  readonly editable: EditableFields;
}

type Administration = Pick<
  AccountsPort,
  'describeUser' | 'searchUsers' | 'createUser' | 'updateUser' | 'setTemporaryPassword' | 'suspendMany'
>;

/** The most users with sessions that a search for them considers. */
const MAX_SIGNED_IN = 1000;

/** The accounts as administrators see and change them. */
export function administerUsers(
  { accounts, limits, engine, activity, editable }: AdministrationParts,
  req: Request,
  { setStatus }: Pick<AccountsPort, 'setStatus'>,
): Administration {
  async function rows(users: readonly FoundUser[]): Promise<UserRow[]> {
    const [sessions, locked] = await Promise.all([
      engine.countByUsers(users.map(({ id }) => id)),
      limits.areLocked(users.map((user) => ({ identifierKeys: identifierKeysOf(user), userId: user.id }))),
    ]);
    return users.map((user, at) => ({
      ...user,
      lastSignIn: user.lastSignIn ?? null,
      sessions: sessions.get(user.id) ?? 0,
      isLocked: locked[at] ?? false,
    }));
  }

  return {
    describeUser: (userId) =>
      withAccountRefusals(async () => {
        const user = await accounts.describeUser(userId);
        return user && (await rows([user]))[0];
      }),

    searchUsers: ({ cursor, signedIn, descending, ...query }) =>
      withAccountRefusals(async () => {
        const among = signedIn === true ? await engine.signedInUsers(MAX_SIGNED_IN + 1) : undefined;
        try {
          const page = await accounts.searchUsers({ ...query, among, after: cursor, descending: descending ?? query.sort !== 'name' });
          return { users: await rows(page.users), next: page.next ?? null, isComplete: page.isComplete };
        } catch (error) {
          if (!(error instanceof InvalidCursorError)) throw error;
          throw refuse('INVALID_INPUT', { fields: { cursor: ['Give `next` of the page before, or leave it out for the first page.'] } });
        }
      }),

    createUser: (input) =>
      withAccountRefusals(async () => {
        const { changes: user } = checkedEdits(editable, 'admin', input);
        const { outcome, temporaryPassword } = await withPassword((password) =>
          accounts.createUser({ ...user, password }, { by: activity.actor(req, null) }),
        );
        if (!outcome.ok) throw refuse('INVALID_INPUT', { fields: problemsByField(outcome) });
        activity.log(req, { kind: 'user_created', detail: { role: user.role }, userId: outcome.user.id, handle: null });
        return { user: outcome.user, temporaryPassword };
      }),

    updateUser: (userId, input) =>
      withAccountRefusals(async () => {
        const { changes, fields } = checkedEdits(editable, 'admin', input);
        const outcome = await accounts.updateUser(userId, changes, { by: activity.actor(req, userId) });
        if (!outcome.ok) throw refuse('INVALID_INPUT', { fields: outcome.problems });
        if (fields.length > 0) activity.log(req, { kind: 'profile_changed', detail: { fields }, userId, handle: null });
        if (changes.email !== undefined) activity.log(req, { kind: 'email_changed', userId, handle: null });
        if (changes.role !== undefined) activity.log(req, { kind: 'role_changed', detail: { to: changes.role }, userId, handle: null });
        return outcome.user;
      }),

    setTemporaryPassword: (userId) =>
      withAccountRefusals(async () => {
        const { outcome, temporaryPassword } = await withPassword((password) =>
          accounts.changePassword(userId, password, { by: activity.actor(req, userId) }),
        );
        if (!outcome.ok) throw new Error('A generated password does not fulfil the password policy.');
        activity.log(req, { kind: 'password_changed', userId, detail: { ended: outcome.ended }, handle: null });
        return { temporaryPassword, ended: outcome.ended };
      }),

    suspendMany: (userIds) => inBulk(userIds, (userId) => setStatus(userId, 'suspended')),
  };
}

function problemsByField({ problems, attributeProblems }: Exclude<CreateUserOutcome, { ok: true }>): FieldErrors {
  const { attributes: _asText, ...fields } = problems;
  return { ...fields, ...attributeProblems };
}

/** Tries again if the generated password contains the user's name by chance, which the policy refuses. */
async function withPassword<Outcome extends { ok: true } | { ok: false; problems: { password?: string[] } }>(
  work: (password: string) => Promise<Outcome>,
): Promise<{ outcome: Outcome; temporaryPassword: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const temporaryPassword = generatePassword();
    // oxlint-disable-next-line no-await-in-loop
    const outcome = await work(temporaryPassword);
    const isUnlucky = !outcome.ok && Object.keys(outcome.problems).join() === 'password';
    if (!isUnlucky || attempt === 5) return { outcome, temporaryPassword };
  }
}
