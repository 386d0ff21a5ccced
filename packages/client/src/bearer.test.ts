import { expect, test } from 'vitest';
import { bearerFetch, BearerUnavailableError, memoryTokenStore } from './bearer.ts';
import { createNodeClient } from './node/create-node-client.ts';
import { answerSignedOut, tinyServer } from './node/test-support/tiny-server.ts';

/** A server that answers each request with the next token header. */
async function start(answers: readonly (string | undefined)[]) {
  const seen: (string | undefined)[] = [];
  const headers: Record<string, unknown>[] = [];
  const url = await tinyServer((request, response) => {
    const token = answers[seen.length];
    headers.push(request.headers);
    seen.push(request.headers.authorization);
    if (token !== undefined) response.setHeader('x-gatehouse-token', token);
    answerSignedOut(request, response);
  });
  return { url, seen, headers };
}

test('the token of a sign-in is sent until a rotation replaces it and a sign-out removes it', async () => {
  const { url, seen, headers } = await start(['ses_a.1', undefined, 'ses_a.2', '', undefined]);
  const tokens = memoryTokenStore();
  const client = createNodeClient({ url, bearer: tokens });
  for (let call = 0; call < 5; call++) await client.auth.logout.mutate();
  expect(seen).toEqual([undefined, 'Bearer ses_a.1', 'Bearer ses_a.1', 'Bearer ses_a.2', undefined]);
  expect(headers[0]).toMatchObject({ 'x-gatehouse-transport': 'bearer' });
  expect(headers.every((sent) => sent['cookie'] === undefined)).toBe(true);
  expect(tokens.get()).toBeUndefined();
});

test('a late answer to a sign-out does not remove the token of a newer sign-in', async () => {
  const tokens = memoryTokenStore('ses_a.1');
  const answer = Promise.withResolvers<Response>();
  const pending = bearerFetch(tokens, () => answer.promise)('https://app.example/trpc/auth.logout');
  await Promise.resolve();
  void tokens.set('ses_b.1');
  answer.resolve(new Response('', { headers: { 'x-gatehouse-token': '' } }));
  await pending;
  expect(tokens.get()).toBe('ses_b.1');
});

test('a server that offers no tokens is reported at the sign-in, with the setting that does', async () => {
  const send = bearerFetch(memoryTokenStore(), () => Promise.resolve(new Response('{}')));
  await expect(send('https://app.example/trpc/auth.login?batch=1')).rejects.toThrow(BearerUnavailableError);
  await expect(send('https://app.example/trpc/auth.login?batch=1')).rejects.toThrow(/SESSION_BEARER=true/);
});
