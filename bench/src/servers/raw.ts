import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import { serve } from './listen.ts';

// The lower bound: node:http and one GET in Redis. No framework, no signature, no sliding expiration, no revocation.

const redis = await createClient({ url: process.env['REDIS_URL'] ?? '' }).connect();

serve((req, res) => {
  void respond(req.headers.cookie?.slice('sid='.length));

  async function respond(id: string | undefined): Promise<void> {
    res.setHeader('Content-Type', 'application/json');
    res.end(await bodyFor(id));
  }

  async function bodyFor(id: string | undefined): Promise<string> {
    if (req.method === 'GET' && id !== undefined) return (await redis.get(`raw:${id}`)) ?? '{}';
    const sessionId = randomBytes(32).toString('base64url');
    await redis.set(`raw:${sessionId}`, JSON.stringify({ user: { id: sessionId, name: 'Ada Lovelace', role: 'user' } }), {
      expiration: { type: 'EX', value: 1_209_600 },
    });
    res.setHeader('Set-Cookie', `sid=${sessionId}`);
    return '{}';
  }
});
