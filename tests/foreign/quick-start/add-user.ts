import { createGatehouse } from '@gatehouse/server';

const [username = '', password = ''] = process.argv.slice(2);
const gatehouse = await createGatehouse({ databaseUrl: 'file:./app.db' });
const user = { username, email: `${username}@example.com`, name: username, role: 'user', password } as const;
console.log(await gatehouse.accounts.createUser(user, { by: { kind: 'command_line', id: null } }));
await gatehouse.close();
