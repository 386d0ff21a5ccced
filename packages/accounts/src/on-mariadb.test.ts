import { MARIADB } from '@gatehouse/prisma/testing';
import { describe, vi } from 'vitest';

// Every rule about accounts once more, on a database server.
describe.skipIf(!MARIADB.available)(MARIADB.name, async () => {
  // This worker may have registered the tests of these files already: they are evaluated anew, with what they import.
  vi.resetModules();
  const { runOn } = await import('../test-support/temporary-accounts.ts');
  runOn(MARIADB);
  await import('./account-changes.test.ts');
  await import('./activity.test.ts');
  await import('./attributes.test.ts');
  await import('./audit-trail.test.ts');
  await import('./authenticate.test.ts');
  await import('./change-password.test.ts');
  await import('./create-user.test.ts');
  await import('./many-sessions.test.ts');
  await import('./seed.test.ts');
});
