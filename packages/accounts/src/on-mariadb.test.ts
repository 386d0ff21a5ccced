import { MARIADB } from '@gatehouse/prisma/testing';
import { describe, vi } from 'vitest';

// Runs all tests of accounts on a database server.
describe.skipIf(!MARIADB.available)(MARIADB.name, async () => {
  // Import the files again with their dependencies, because this worker may have registered their tests already.
  vi.resetModules();
  const { runOn } = await import('../test-support/temporary-accounts.ts');
  runOn(MARIADB);
  await import('./account-changes.test.ts');
  await import('./activity.test.ts');
  await import('./attributes.test.ts');
  await import('./audit-trail.test.ts');
  await import('./authenticate.test.ts');
  await import('./change-email.test.ts');
  await import('./change-password.test.ts');
  await import('./create-user.test.ts');
  await import('./hour-counts.test.ts');
  await import('./many-sessions.test.ts');
  await import('./search-users.test.ts');
  await import('./seed.test.ts');
});
