import { randomBytes } from 'node:crypto';
import { createClient } from 'redis';
import { serve } from './listen.ts';

// The floor: node:http and one GET from Redis. No framework, no signature, no expiry that slides, no revocation.

const redis = await createClient({ url: process.env['REDIS_URL'] ?? '' }).connect();

serve((req, res) => {
  void answer(req.headers.cookie?.slice('sid='.length));

  async function answer(id: string | undefined): Promise<void> {
    res.setHeader('Content-Type', 'application/json');
    res.end(await bodyFor(id));
  }

  async function bodyFor(id: string | undefined): Promise<string> {
    if (req.method === 'GET' && id !== undefined) return (await redis.get(`raw:${id}`)) ?? '{}';
    const made = randomBytes(32).toString('base64url');
    await redis.set(`raw:${made}`, JSON.stringify({ user: { id: made, name: 'Ada Lovelace', role: 'user' } }), {
      expiration: { type: 'EX', value: 1_209_600 },
    });
    res.setHeader('Set-Cookie', `sid=${made}`);
    return '{}';
  }
});
