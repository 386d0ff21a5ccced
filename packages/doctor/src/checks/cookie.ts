import { isLoopback, type Settings } from '@gatehouse/settings';
import { error, ok, warning, type Check, type Verdict } from '../check.ts';

/**
 * Warns in production if the cookie is not `Secure`, which requires `SESSION_COOKIE_SECURE=false` or a local URL, and always if it is
 * `SameSite=None`. A `SESSION_COOKIE_PATH` that excludes `/trpc` below `PUBLIC_URL` is an error, because browsers would not send the cookie when users sign
 * in. The settings themselves refuse cookies that no browser accepts.
 */
export const cookie: Check = {
  id: 'cookie',
  needs: ['PUBLIC_URL', 'NODE_ENV', 'SESSION_COOKIE_SECURE', 'SESSION_COOKIE_SAMESITE', 'SESSION_COOKIE_PATH', 'SESSION_COOKIE_NAME'],
  judge({ settings }) {
    const { name, secure, path, domain } = settings.session.cookie;
    const found = [...judgeSecure(settings), ...judgePath(settings), ...judgeSameSite(settings)];
    const hosts = domain === undefined ? 'this host' : `every host below ${domain}`;
    return found.length > 0 ? found : ok(`${name}: ${secure ? 'https only' : 'also http'}, HttpOnly, for ${hosts} and ${path}.`);
  },
};

function judgeSecure({ environment, server, session }: Settings): Verdict[] {
  if (environment !== 'production' || session.cookie.secure) return [];
  if (isLoopback(new URL(server.publicUrl))) {
    return [
      warning(
        'PUBLIC_URL is an http address of this machine only, so the cookie is not Secure and nobody else can sign in.',
        'Set PUBLIC_URL to the https address that people use, and TRUST_PROXY=1 if a proxy terminates TLS.',
      ),
    ];
  }
  return [
    warning(
      'The session cookie is not Secure: browsers also send it over plain http, where it can be intercepted.',
      'Serve over https, set PUBLIC_URL to that address and remove SESSION_COOKIE_SECURE.',
    ),
  ];
}

/** A browser sends a cookie only to its path and below (RFC 6265 5.1.4). The router is always at /trpc, below the path of PUBLIC_URL. */
function judgePath({ server: { basePath }, session }: Settings): Verdict[] {
  const { path } = session.cookie;
  if (`${basePath}/`.startsWith(path.endsWith('/') ? path : `${path}/`)) return [];
  return [
    error(
      `SESSION_COOKIE_PATH is ${path}: browsers would not send the cookie to ${basePath}/trpc, so nobody could stay signed in.`,
      `Remove SESSION_COOKIE_PATH; the default is ${basePath || '/'}. If the app is served below ${path}, add that path to PUBLIC_URL.`,
    ),
  ];
}

function judgeSameSite({ session }: Settings): Verdict[] {
  if (session.cookie.sameSite !== 'none') return [];
  return [
    warning(
      'SESSION_COOKIE_SAMESITE is None: browsers send the cookie with requests from other sites.',
      'Remove it (the default is Lax), unless other sites embed this app.',
    ),
  ];
}
