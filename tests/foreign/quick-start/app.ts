import express from 'express';
import { createGatehouse, requireSession, getSessionUser } from '@gatehouse/server';

const gatehouse = await createGatehouse({ databaseUrl: 'file:./app.db' }); // or nothing: the environment
const app = express();
app.use(gatehouse.sessions); // req.session on every request
app.use('/trpc', gatehouse.trpc()); // auth.*, account.*, sessions.*, admin.*; or trpc(myRouter)
app.get('/hello', requireSession, (req, res) => void res.send(`Hello ${getSessionUser(req)?.name}`));
app.use(gatehouse.errors);
app.listen(process.env['PORT'] ?? 3000);
