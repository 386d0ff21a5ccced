import express from 'express';
import { sessions, signIn, signOut, userIdOf } from './gatehouse-sessions.ts'; // was: './old-sessions.ts'
import { checkPassword, nameOf } from './people.ts';

const app = express();
app.use(sessions);

app.post('/login', express.urlencoded(), async (req, res) => {
  const id = checkPassword(String(req.body.name), String(req.body.password));
  if (id === undefined) return void res.sendStatus(401);
  await signIn(req, id);
  res.redirect('/');
});
app.get('/', (req, res) => {
  const id = userIdOf(req);
  if (id === undefined) return void res.sendStatus(401);
  res.send(`Hello ${nameOf(id)}`);
});
app.post('/logout', async (req, res) => {
  await signOut(req);
  res.redirect('/');
});

app.listen(process.env['PORT'] ?? 3000);
