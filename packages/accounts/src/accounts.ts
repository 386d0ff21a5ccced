import { assertAttributesSchema, userAttributesSchema, type AttributesSchema } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import { changeAccount } from './account-changes.ts';
import type { Accounts } from './accounts-port.ts';
import { activityLog } from './activity.ts';
import { auditTrail } from './audit-trail.ts';
import { authenticator } from './authenticate.ts';
import { emailChanger } from './change-email.ts';
import { passwordChanger } from './change-password.ts';
import { userCreator } from './create-user.ts';
import { deletedNames } from './deleted-names.ts';
import { endedSessions } from './end-sessions.ts';
import { externalChanges, type ExternalSessions } from './external-sessions.ts';
import { findUsers } from './find-users.ts';
import { hourCounts } from './hour-counts.ts';
import { indexUsers } from './index-users.ts';
import { createPasswordHasher, type HashingOptions } from './password-hasher.ts';
import { searchUsers } from './search-users.ts';
import { userUpdater } from './update-user.ts';
import { withAttributes } from './with-attributes.ts';

export interface AccountsOptions {
  database: Database;
  /** Default: the system clock. */
  now?: () => Date;
  /** Cost and concurrency of password hashing. Default: OWASP's argon2id parameters, with one core left free. */
  hashing?: HashingOptions;
  /** The session engine, if it keeps sessions or copies of users outside this database. */
  sessions?: ExternalSessions | undefined;
  /** Your own user fields. Default: the contract's `userAttributesSchema`. Pass the same schema to `openEngine`. */
  attributes?: AttributesSchema | undefined;
}

/** @throws TypeError if the attributes schema has a required field. */
export function createAccounts({
  database,
  now = () => new Date(),
  hashing,
  sessions,
  attributes = userAttributesSchema,
}: AccountsOptions): Accounts {
  assertAttributesSchema(attributes);
  const { prisma } = database;
  const hasher = createPasswordHasher(hashing);
  const changeOptions = { now, attributes, external: externalChanges(sessions), endedSessions: endedSessions(database) };
  return withAttributes(
    {
      ...authenticator(prisma, hasher),
      createUser: userCreator(prisma, { hasher, now, attributes }),
      changePassword: passwordChanger(database, { hasher, ...changeOptions }),
      changeEmail: emailChanger(database, changeOptions),
      ...changeAccount(database, changeOptions),
      updateUser: userUpdater(database, changeOptions),
      ...findUsers(prisma),
      ...searchUsers(database),
      ...indexUsers(database),
      ...hourCounts(database),
      ...deletedNames(prisma),
      ...activityLog(prisma),
      ...auditTrail(prisma),
    },
    attributes,
  );
}
