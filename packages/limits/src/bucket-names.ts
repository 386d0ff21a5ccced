import { createHmac } from 'node:crypto';
import { addressKey } from './address-key.ts';

/** A device on which this account has signed in before. */
export interface KnownDevice {
  readonly userId: string;
  /** The device id in its cookie: see device-token.ts. */
  readonly device: string;
}

/** All devices of an account share this many budgets, so that someone who once knew the password cannot register unlimited ones. */
const DEVICE_SLOTS = 8;

/**
 * Storage keys of buckets. They are keyed hashes, because a list of attempted names would contain user names, and passwords that
 * were typed into the wrong field.
 */
export function bucketNames(secret: string) {
  const name = (...parts: string[]): string =>
    createHmac('sha256', secret)
      .update(['gatehouse limits', ...parts].join('\0'))
      .digest('base64url');
  const slot = (userId: string, number: number): string => name('device', userId, String(number));
  return {
    /** Unknown names have buckets too, so that the limits do not reveal which accounts exist. */
    account: (identifierKey: string): string => name('account', identifierKey),
    address: (address: string | undefined): string => name('address', addressKey(address)),
    device: ({ userId, device }: KnownDevice): string => slot(userId, (Buffer.from(device, 'base64url')[0] ?? 0) % DEVICE_SLOTS),
    devicesOf: (userId: string): string[] => Array.from({ length: DEVICE_SLOTS }, (_, number) => slot(userId, number)),
  };
}
