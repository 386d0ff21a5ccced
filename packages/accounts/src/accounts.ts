import { assertAttributesSchema, userAttributesSchema, type AttributesSchema } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import { changeAccount } from './account-changes.ts';
import type { Accounts } from './accounts-port.ts';
import { activityLog } from './activity.ts';
import { auditTrail } from './audit-trail.ts';
import { authenticator } from './authenticate.ts';
import { passwordChanger } from './change-password.ts';
import { userCreator } from './create-user.ts';
import { deletedNames } from './deleted-names.ts';
import { endedSessions } from './end-sessions.ts';
import { externalChanges, type ExternalSessions } from './external-sessions.ts';
import { findUsers } from './find-users.ts';
import { createPasswordHasher, type HashingOptions } from './password-hasher.ts';
import { withAttributes } from './with-attributes.ts';

export interface AccountsOptions {
  database: Database;
  /** The clock. Default: the system's. */
  now?: () => Date;
  /** Cost and concurrency of password hashing. Default: OWASP's argon2id parameters, one core left free. */
  hashing?: HashingOptions;
  /** The engine, where sessions are not rows of this database. */
  sessions?: ExternalSessions | undefined;
  /** Fields of users of your own. Default: the contract's `userAttributesSchema`. Give `openEngine` the same. */
  attributes?: AttributesSchema | undefined;
}

/** @throws TypeError if an attribute of users must be given. */
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
  const changing = { now, attributes, external: externalChanges(sessions), endedSessions: endedSessions(database) };
  return withAttributes(
    {
      ...authenticator(prisma, hasher),
      createUser: userCreator(prisma, { hasher, now, attributes }),
      changePassword: passwordChanger(database, { hasher, ...changing }),
      ...changeAccount(database, changing),
      ...findUsers(prisma),
      ...deletedNames(prisma),
      ...activityLog(prisma),
      ...auditTrail(prisma),
    },
    attributes,
  );
}
