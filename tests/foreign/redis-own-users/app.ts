import { createGatehouse, getSessionUser, requireSession, sessionOf } from '@gatehouse/server';
import express from 'express';
import { checkPassword, users } from './users.ts';

const gatehouse = await createGatehouse({ users, redisUrl: process.env['REDIS_URL'] });

const app = express();
app.use(gatehouse.sessions);

app.post('/login', express.urlencoded(), async (req, res) => {
  const found = await checkPassword(String(req.body.name), String(req.body.password));
  if (!found || !(await sessionOf(req).signIn(found.user, found))) return void res.sendStatus(401);
  res.redirect('/');
});
app.get('/', requireSession, (req, res) => void res.send(`Hello ${getSessionUser(req)?.name}`));
app.post('/logout', async (req, res) => {
  await sessionOf(req).flush();
  res.redirect('/login');
});

app.use(gatehouse.errors);
app.listen(process.env['PORT'] ?? 3000);
