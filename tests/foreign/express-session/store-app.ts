import express from 'express';
import session from 'express-session';
import { store } from './gatehouse-store.ts';

declare module 'express-session' {
  interface SessionData {
    visits?: number;
  }
}

const app = express();
app.use(session({ store, secret: process.env['SESSION_SECRET'] ?? '', resave: false, saveUninitialized: false }));

app.get('/', (req, res) => {
  req.session.visits = (req.session.visits ?? 0) + 1;
  res.send(String(req.session.visits));
});
app.post('/logout', (req, res, next) => {
  req.session.destroy((error) => (error ? next(error) : res.redirect('/')));
});

app.listen(process.env['PORT'] ?? 3000);
