import { createGatehouse } from '@gatehouse/server';

const [username = '', password = ''] = process.argv.slice(2);
const gatehouse = await createGatehouse({ databaseUrl: 'file:./app.db' });
await gatehouse.accounts.createUser({ username, email: `${username}@example.com`, name: username, role: 'user', password });
await gatehouse.close();
