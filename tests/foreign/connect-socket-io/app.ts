import { createServer } from 'node:http';
import { getSessionUser, openEngine, sessionErrorHandler, sessionMiddleware, sessionOf, type UserSource } from '@gatehouse/session';
import connect from 'connect';
import { Server } from 'socket.io';

const DAY_MS = 24 * 60 * 60 * 1000;
const lifetimes = { ageMs: DAY_MS, absoluteAgeMs: 90 * DAY_MS, sliding: true, activityIntervalMs: 60_000, expireAtBrowserClose: false };
const ada = { id: '7', username: 'ada', name: 'Ada', email: 'ada@example.com', role: 'user', status: 'active', attributes: {} } as const;
const users: UserSource = { find: async (userId) => (userId === ada.id ? { user: ada, credentialEpoch: 0 } : undefined) };
const session = sessionMiddleware({
  engine: await openEngine('memory', { lifetimes, users }),
  lifetimes,
  cookie: { name: 'sid', secure: 'auto', sameSite: 'lax', path: '/' },
  secrets: [process.env['SESSION_SECRET'] ?? ''],
});

const app = connect();
app.use(session);
app.use('/login', (req, res, next) => {
  // After the password was checked.
  sessionOf(req)
    .signIn(ada, { credentialEpoch: 0 })
    .then(() => res.end('signed in'), next);
});
app.use(sessionErrorHandler);

const server = createServer(app);
const sockets = new Server(server);
sockets.engine.use(session);
sockets.on('connection', (socket) => {
  socket.emit('hello', getSessionUser(socket.request)?.name ?? 'nobody');
});
server.listen(process.env['PORT'] ?? 3000);
