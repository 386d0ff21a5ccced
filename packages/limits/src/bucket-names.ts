import { createHmac } from 'node:crypto';
import { addressKey } from './address-key.ts';

/** An account that has signed in on a device, and that device's name. */
export interface KnownDevice {
  readonly userId: string;
  readonly device: string;
}

/** An account's devices share this many budgets: whoever knew its password once cannot make themselves any number of them. */
const DEVICE_SLOTS = 8;

/**
 * The keys that buckets are stored under: hashes with the server's secret, because a list of what was tried would be one of
 * user names, and of passwords typed into the wrong field.
 */
export function bucketNames(secret: string) {
  const name = (...parts: string[]): string =>
    createHmac('sha256', secret)
      .update(['gatehouse limits', ...parts].join('\0'))
      .digest('base64url');
  const slot = (userId: string, number: number): string => name('device', userId, String(number));
  return {
    /** Unknown names have buckets as known ones do, so that limits tell nobody which they are. */
    account: (identifierKey: string): string => name('account', identifierKey),
    address: (address: string | undefined): string => name('address', addressKey(address)),
    device: ({ userId, device }: KnownDevice): string => slot(userId, (Buffer.from(device, 'base64url')[0] ?? 0) % DEVICE_SLOTS),
    devicesOf: (userId: string): string[] => Array.from({ length: DEVICE_SLOTS }, (_, number) => slot(userId, number)),
  };
}
