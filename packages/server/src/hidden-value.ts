import type { StoredData } from '@gatehouse/session/engine';

type Json = StoredData[string];

/** Names of values that an administrator must not see, such as `csrfToken`, `access_token`, `clientSecret`, `apiKey`. */
const SECRET = /token|secret|passw|passphrase|credential|authorization|cookie|otp|verifier|nonce|private.?key|api.?key/i;

const MAX_BYTES = 16 * 1024;

/** The value of a key of a session's data for administrators. A value that is or contains a secret by its name is hidden as a whole. */
export function hiddenValue(key: string, value: Json): { value: Json; isHidden: boolean } {
  const isHidden = SECRET.test(key) || Buffer.byteLength(JSON.stringify(value)) > MAX_BYTES || containsSecret(value);
  return { value: isHidden ? null : value, isHidden };
}

/** Data is at most as deep as JSON.parse allowed, and bounded in size before this is called. */
function containsSecret(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(containsSecret);
  return Object.entries(value).some(([key, one]) => SECRET.test(key) || containsSecret(one));
}
