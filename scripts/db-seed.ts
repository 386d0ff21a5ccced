import { createAccounts, seedDemoUsers } from '../packages/accounts/src/index.ts';
import { loadSettings } from '../packages/settings/src/index.ts';
import { migrate, openDatabase } from '../prisma/src/index.ts';
import { generateDatabaseClient } from './prepare.ts';

// `pnpm db:seed`: creates the two demo users in an empty database, never in production.
await generateDatabaseClient();
try {
  const settings = loadSettings();
  if (settings.environment === 'production')
    throw new Error('Production has no demo users. Create a real account: pnpm gatehouse createuser');
  const database = await openDatabase(settings.database.url);
  await migrate(database);
  const users = await seedDemoUsers(createAccounts({ database }));
  await database.close();
  for (const { username, password, role } of users) console.log(`${username.padEnd(8)} ${password}   (${role})`);
  console.log(users.length > 0 ? 'These passwords are shown only once.' : 'There are users already, so no demo users were created.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
