import { displayNameProblem, type AccountStatus, type Role } from '@gatehouse/contract';
import { emailSchema, identifierKey } from '../identifier.ts';
import type { DjangoUser } from './django-users.ts';

/** The columns of an account here. */
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

/** Why a user of Django's has no account here. */
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

/** The id here of a Django user: the same at each import, so that a second one knows whom the first has brought. */
export const importedId = (djangoId: string): string => `django-${djangoId}`;

const MAX_DJANGO_ID_LENGTH = 48;
/** The width of the column; Django has 150. */
const MAX_USERNAME_LENGTH = 64;
const MAX_NAME_LENGTH = 100;

export interface MappingRules {
  /** What `is_staff` makes of someone who is no superuser. A superuser is an admin. */
  readonly staffAs: Role;
  readonly now: Date;
}

/**
 * The account a Django user gets. The user name stays what it is, though a new one here would have to be longer or plainer:
 * people type what they have always typed. One that is the owner's e-mail address goes, since the address signs in too; one that is another
 * address could be somebody else's. An @ alone makes no address: nobody has `me@corp` or `@ada` as an e-mail address here.
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

/** At most as long as a name here may be; no character is cut in two. */
function nameOf({ firstName, lastName }: DjangoUser): string {
  const whole = `${firstName} ${lastName}`
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim();
  let name = '';
  for (const { segment } of segmenter.segment(whole)) {
    if (name.length + segment.length > MAX_NAME_LENGTH) break;
    name += segment;
  }
  return name.trim();
}

const refused = (reason: Refusal): Mapped => ({ ok: false, reason });
