import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * A device token is set in a cookie after sign-in. It contains a random device id and a signature for each account that has signed in on
 * the device. It does not authenticate anyone. Failures on a known device are counted separately, so that attackers who try an account
 * cannot lock its owner out.
 */
export interface DeviceTokens {
  /** Whether this server issued the token, for any account. Check this before looking up an account. */
  isGenuine(token: string): boolean;
  /** The device id if this account has signed in on the device. */
  recognize(token: string | undefined, userId: string): string | undefined;
  /** The token to set after sign-in: the same device, with this account first. */
  issue(token: string | undefined, userId: string): string;
}

/** Accounts that share a device. The one that has not signed in for the longest time is dropped. */
const MAX_ACCOUNTS = 5;
/** The device id, its own signature, and a signature for each account. */
const FORMAT = /^[\w-]{22}(\.[\w-]{43}){1,6}$/;
/** In place of a user id, for the signature of the device itself. No account has an empty id. */
const ANY_ACCOUNT = '';

/** @param secrets The first one signs and all of them verify, as for session cookies. */
export function deviceTokens(secrets: readonly [string, ...string[]]): DeviceTokens {
  const sign = (secret: string, device: string, userId: string): string =>
    createHmac('sha256', secret).update(`gatehouse device\0${device}\0${userId}`).digest('base64url');

  const read = (token: string | undefined): { device: string; signatures: string[] } | undefined => {
    if (token === undefined || !FORMAT.test(token)) return undefined;
    const [device = '', ...signatures] = token.split('.');
    return { device, signatures };
  };

  /** The signatures that belong to this account, made with any of the secrets. */
  function signaturesOf(signatures: readonly string[], device: string, userId: string): string[] {
    const genuine = secrets.map((secret) => Buffer.from(sign(secret, device, userId)));
    return signatures.filter((signature) => genuine.some((own) => timingSafeEqual(own, Buffer.from(signature))));
  }

  return {
    isGenuine(token) {
      const { device, signatures } = read(token) ?? { device: '', signatures: [] };
      return signaturesOf(signatures, device, ANY_ACCOUNT).length > 0;
    },

    recognize(token, userId) {
      const { device, signatures } = read(token) ?? { device: '', signatures: [] };
      return signaturesOf(signatures, device, userId).length > 0 ? device : undefined;
    },

    issue(token, userId) {
      const { device, signatures } = read(token) ?? { device: randomBytes(16).toString('base64url'), signatures: [] };
      const replaced = [ANY_ACCOUNT, userId].flatMap((id) => signaturesOf(signatures, device, id));
      const others = signatures.filter((signature) => !replaced.includes(signature));
      const own = [ANY_ACCOUNT, userId].map((id) => sign(secrets[0], device, id));
      return [device, ...own, ...others].slice(0, 2 + MAX_ACCOUNTS).join('.');
    },
  };
}
