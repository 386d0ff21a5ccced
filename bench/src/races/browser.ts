export interface Me {
  readonly signedInAs?: string;
  readonly left?: string;
  readonly right?: string;
  readonly count?: number;
}

/** Signs in. The returned browser sends the session cookie with each request and ignores later Set-Cookie headers. */
export async function openBrowser(url: string) {
  const signIn = await fetch(`${url}/sign-in`, { method: 'POST' });
  const cookie = signIn.headers.getSetCookie()[0]?.split(';', 1)[0];
  if (!cookie) throw new Error('Signing in set no cookie.');
  await signIn.arrayBuffer();
  return {
    async post(path: string): Promise<void> {
      const response = await fetch(url + path, { method: 'POST', headers: { cookie } });
      await response.arrayBuffer();
    },
    async me(): Promise<Me> {
      const response = await fetch(`${url}/me`, { headers: { cookie } });
      return (await response.json()) as Me;
    },
  };
}
