import { displayNameProblem, emailSchema, type AccountStatus, type Role } from '@gatehouse/contract';
import { identifierKey } from '../identifier.ts';
import type { DjangoUser } from './django-users.ts';

/** The columns of the account that an import creates. */
export interface ImportedAccount {
  readonly id: string;
  readonly username: string;
  readonly usernameKey: string;
  readonly email: string;
  readonly emailKey: string;
  readonly name: string;
  readonly role: Role;
  readonly status: AccountStatus;
  readonly passwordHash: string;
  readonly createdAt: Date;
}

/** Why a Django user was not imported. */
export type Refusal =
  | 'NO_EMAIL'
  | 'BAD_EMAIL'
  | 'BAD_USERNAME'
  | 'USERNAME_IS_ADDRESS'
  | 'USERNAME_TAKEN'
  | 'EMAIL_TAKEN'
  | 'BAD_NAME'
  | 'BAD_ROW';

export type Mapped = { readonly ok: true; readonly account: ImportedAccount } | { readonly ok: false; readonly reason: Refusal };

/** The account id of a Django user. It is the same for every import, so that a second import recognizes the first one's accounts. */
export const importedId = (djangoId: string): string => `django-${djangoId}`;

const MAX_DJANGO_ID_LENGTH = 48;
/** The width of our column; Django allows 150. */
const MAX_USERNAME_LENGTH = 64;
const MAX_NAME_LENGTH = 100;

export interface MappingRules {
  /** The role of `is_staff` users who are not superusers. A superuser becomes an admin. */
  readonly staffAs: Role;
  readonly now: Date;
}

/**
 * Maps a Django user to an account. Keeps the user name even if it breaks our rules for new ones, because people type what they have
 * always typed. Replaces a user name that is the user's own e-mail address, which signs in anyway. Refuses one that is another address,
 * which may belong to someone else. An @ alone does not make an address: `me@corp` and `@ada` are not valid e-mail addresses here.
 */
export function accountOf(user: DjangoUser, { staffAs, now }: MappingRules): Mapped {
  if (!/^[\w-]+$/.test(user.id) || user.id.length > MAX_DJANGO_ID_LENGTH || user.password.length > 255) return refused('BAD_ROW');
  const nameKey = identifierKey(user.username);
  if (user.username !== '' && nameKey === undefined) return refused('BAD_USERNAME');
  const isAddress = nameKey !== undefined && emailSchema.safeParse(nameKey).success;

  const email = emailSchema.safeParse(user.email.trim() === '' && isAddress ? user.username : user.email);
  const emailKey = email.success ? identifierKey(email.data) : undefined;
  if (!email.success || emailKey === undefined) return refused(user.email.trim() === '' && !isAddress ? 'NO_EMAIL' : 'BAD_EMAIL');
  if (isAddress && nameKey !== emailKey) return refused('USERNAME_IS_ADDRESS');

  const username = nameKey === undefined || isAddress ? `user-${user.id}` : user.username.trim();
  const usernameKey = identifierKey(username);
  const name = nameOf(user) || username;
  if (displayNameProblem(name) !== undefined) return refused('BAD_NAME');
  if (usernameKey === undefined || username.length > MAX_USERNAME_LENGTH) return refused('BAD_USERNAME');
  return {
    ok: true,
    account: {
      id: importedId(user.id),
      username,
      usernameKey,
      email: email.data,
      emailKey,
      name,
      role: user.isSuperuser ? 'admin' : user.isStaff ? staffAs : 'user',
      status: user.isActive ? 'active' : 'suspended',
      passwordHash: user.password,
      createdAt: user.joined ?? now,
    },
  };
}

const segmenter = new Intl.Segmenter();

/** The full name, cut to our maximum length between grapheme clusters. */
function nameOf({ firstName, lastName }: DjangoUser): string {
  const whole = `${firstName} ${lastName}`
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim();
  if (whole.length <= MAX_NAME_LENGTH) return whole;
  let name = '';
  for (const { segment } of segmenter.segment(whole)) {
    if (name.length + segment.length > MAX_NAME_LENGTH) break;
    name += segment;
  }
  return name.trim();
}

const refused = (reason: Refusal): Mapped => ({ ok: false, reason });
