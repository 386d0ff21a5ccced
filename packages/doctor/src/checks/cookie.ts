import { isLoopback, type Settings } from '@gatehouse/settings';
import { error, ok, warning, type Check, type Verdict } from '../check.ts';

/**
 * Cookies that no browser would accept are refused by the settings. In production, a cookie that is not `Secure` is a warning; it takes
 * `SESSION_COOKIE_SECURE=false` or a local URL to get there. So is `SameSite=None`. A `SESSION_COOKIE_PATH` that excludes `/trpc`
 * is an error, because browsers would not send the cookie to the sign-in.
 */
export const cookie: Check = {
  id: 'cookie',
  needs: ['PUBLIC_URL', 'NODE_ENV', 'SESSION_COOKIE_SECURE', 'SESSION_COOKIE_SAMESITE', 'SESSION_COOKIE_PATH', 'SESSION_COOKIE_NAME'],
  judge({ settings }) {
    const { name, secure, path, domain } = settings.session.cookie;
    const found = [...notSecure(settings), ...notSentBack(settings), ...sentFromElsewhere(settings)];
    const hosts = domain === undefined ? 'this host' : `every host below ${domain}`;
    return found.length > 0 ? found : ok(`${name}: ${secure ? 'https only' : 'http as well'}, HttpOnly, for ${hosts} and ${path}.`);
  },
};

function notSecure({ environment, server, session }: Settings): Verdict[] {
  if (environment !== 'production' || session.cookie.secure) return [];
  if (isLoopback(new URL(server.publicUrl))) {
    return [
      warning(
        'PUBLIC_URL is an http address of this machine alone, so the cookie is not Secure and nobody else can sign in.',
        'Write the https address that people type into PUBLIC_URL, and TRUST_PROXY=1 for the proxy that speaks it.',
      ),
    ];
  }
  return [
    warning(
      'The session cookie is not Secure: it travels over plain http, where anyone on the way can take it.',
      'Serve over https, write that address into PUBLIC_URL and leave SESSION_COOKIE_SECURE out.',
    ),
  ];
}

/** RFC 6265 5.1.4: a browser sends a cookie to paths at or below its own. The router is at /trpc, whatever pages there are. */
function notSentBack({ session }: Settings): Verdict[] {
  const { path } = session.cookie;
  if (path === '/') return [];
  return [
    error(
      `SESSION_COOKIE_PATH is ${path}: browsers would not send the cookie to /trpc, where people sign in and are asked who they are.`,
      'Leave SESSION_COOKIE_PATH out: it is / then.',
    ),
  ];
}

function sentFromElsewhere({ session }: Settings): Verdict[] {
  if (session.cookie.sameSite !== 'none') return [];
  return [
    warning(
      'SESSION_COOKIE_SAMESITE is None: browsers send the cookie with requests that other sites cause.',
      'Leave it out (Lax), unless this app is shown inside pages of another site.',
    ),
  ];
}
