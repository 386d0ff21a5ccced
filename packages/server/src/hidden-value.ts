import type { StoredData } from '@gatehouse/session/engine';

type Json = StoredData[string];

/** Names of values that an administrator must not see, such as `csrfToken`, `access_token`, `clientSecret`, `signingKey`, `backupCodes`. */
const SECRET =
  /token|secret|passw|passphrase|pwd|credential|authorization|cookie|otp|mfa|verifier|nonce|jwt|csrf|xsrf|bearer|assertion|signature|salt|session.?id|connect\.sid|^sid$|^pin$|pin.?code|(?:auth|backup|recovery|reset|verification).?codes?|^code$|oauth.?state|(?:private|api|access|signing|encryption|session|master).?key/i;

/**
 * Texts that give access by themselves, whatever they are called: JSON Web Tokens, private keys, headers, signed cookies, links with a token.
 * The repetitions are bounded, so that no text takes long.
 */
const SECRET_TEXT =
  /\beyJ[\w-]{5,1000}\.[\w-]{1,8000}\.|-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:bearer|basic) +[\w+/=.~-]{8,}|\bs:[\w.-]+\.[\w+/]{43}|[?&#;](?:code|[\w-]{0,40}(?:token|secret|passw|signature|key))[\w-]{0,40}=|:\/\/[^/\s:@]*:[^/\s@]+@/i;

const MAX_BYTES = 16 * 1024;

/** The value of a key of a session's data for administrators. A value that is or contains a secret by its name or form is hidden as a whole. */
export function hiddenValue(key: string, value: Json): { value: Json; isHidden: boolean } {
  const isHidden = SECRET.test(key) || Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES || containsSecret(value);
  return { value: isHidden ? null : value, isHidden };
}

/** Data is at most as deep as JSON.parse allowed, and bounded in size before this is called. */
function containsSecret(value: Json): boolean {
  if (typeof value === 'string') return SECRET_TEXT.test(value) || containsSecretJson(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(containsSecret);
  return Object.entries(value).some(([key, one]) => SECRET.test(key) || containsSecret(one));
}

/** Apps keep JSON in texts. */
function containsSecretJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    return containsSecret(JSON.parse(text) as Json);
  } catch {
    return SECRET.test(text);
  }
}
