import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * What a browser is given when someone signs in on it: a random name for the device, and a signature for each account that has signed
 * in there. It signs nobody in. It says that failures on this device are to be counted by themselves, so that
 * strangers who try an account do not keep its owner out.
 */
export interface DeviceTokens {
  /** Whether it was given out here, to whichever account: worth looking an account up for. */
  isGenuine(token: string): boolean;
  /** The device's name, if this account has signed in on it. */
  recognise(token: string | undefined, userId: string): string | undefined;
  /** The token to give after a sign-in: the same device, this account first. */
  issue(token: string | undefined, userId: string): string;
}

/** People who share a device; the one who has not signed in for longest is dropped. */
const MOST_ACCOUNTS = 5;
/** The device, a signature of it alone, and one for each account. */
const FORM = /^[\w-]{22}(\.[\w-]{43}){1,6}$/;
/** No account has this id. */
const ANY_ACCOUNT = '';

/** @param secrets the first signs, all verify: as for the session's cookie. */
export function deviceTokens(secrets: readonly [string, ...string[]]): DeviceTokens {
  const sign = (secret: string, device: string, userId: string): string =>
    createHmac('sha256', secret).update(`gatehouse device\0${device}\0${userId}`).digest('base64url');

  const read = (token: string | undefined): { device: string; signatures: string[] } | undefined => {
    if (token === undefined || !FORM.test(token)) return undefined;
    const [device = '', ...signatures] = token.split('.');
    return { device, signatures };
  };

  /** Of the signatures those that are this account's, by any of the secrets. */
  function ownAmong(signatures: readonly string[], device: string, userId: string): string[] {
    const genuine = secrets.map((secret) => Buffer.from(sign(secret, device, userId)));
    return signatures.filter((signature) => genuine.some((own) => timingSafeEqual(own, Buffer.from(signature))));
  }

  return {
    isGenuine(token) {
      const { device, signatures } = read(token) ?? { device: '', signatures: [] };
      return ownAmong(signatures, device, ANY_ACCOUNT).length > 0;
    },

    recognise(token, userId) {
      const { device, signatures } = read(token) ?? { device: '', signatures: [] };
      return ownAmong(signatures, device, userId).length > 0 ? device : undefined;
    },

    issue(token, userId) {
      const { device, signatures } = read(token) ?? { device: randomBytes(16).toString('base64url'), signatures: [] };
      const replaced = [ANY_ACCOUNT, userId].flatMap((id) => ownAmong(signatures, device, id));
      const others = signatures.filter((signature) => !replaced.includes(signature));
      const own = [ANY_ACCOUNT, userId].map((id) => sign(secrets[0], device, id));
      return [device, ...own, ...others].slice(0, 2 + MOST_ACCOUNTS).join('.');
    },
  };
}
