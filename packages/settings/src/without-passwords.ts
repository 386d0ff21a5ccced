/**
 * A connection URL for people: the password, and parameters that may contain one, become `…`. Not with `URL`, because addresses of Redis
 * clusters have several hosts, and an invalid URL must not reveal its password either.
 */
export function withoutPasswords(url: string): string {
  if (url.startsWith('file:')) return url;
  const [, scheme, rest = ''] = /^([a-z][\w.+-]*:\/\/)(.*)$/is.exec(url) ?? [];
  if (scheme === undefined) return describeSecret(url);
  // In an invalid URL, an unescaped ? or / makes the end of the password uncertain. After a host, a colon is followed by a port.
  const [authority = ''] = rest.split(/[/?]/, 1);
  const isUncertain = !authority.includes('@') && /:(?!\d*(?:,|$))/.test(authority) && rest.includes('@');
  if (isUncertain) return `${scheme}… (${describeSecret(url)})`;
  return (
    scheme +
    authority.replace(/:.*@/s, ':…@') +
    rest.slice(authority.length).replace(/([?&;](?:[^=&;]*(?:pass|secret|token)[^=&;]*)=)[^&;]*/gi, '$1…')
  );
}

/** `set (43 characters)`: what may be said about a secret. */
export const describeSecret = (secret: string): string => `set (${secret.length} characters)`;
