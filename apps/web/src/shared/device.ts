import { parse } from 'bowser';

export type DeviceKind = 'computer' | 'phone' | 'tablet' | 'tv' | 'program' | 'unknown';

/** What a user agent says about itself. Anyone can send any user agent, so it is a hint for people and nothing else. */
export interface Device {
  readonly kind: DeviceKind;
  /** "Firefox", "curl", "gatehouse". */
  readonly program: string | undefined;
  /** "Windows", "iPhone". */
  readonly system: string | undefined;
}

const KINDS: Readonly<Record<string, DeviceKind>> = { desktop: 'computer', mobile: 'phone', tablet: 'tablet', tv: 'tv', bot: 'program' };

/** A program that is no browser begins with its product token: `curl/8.10.1` (RFC 9110, 10.1.5). */
const PRODUCT = /^[\w.~+-]{1,40}(?=[/\s]|$)/;

/** Names without the company. */
const SHORT_NAMES: Readonly<Record<string, string>> = { 'Microsoft Edge': 'Edge', 'Samsung Internet for Android': 'Samsung Internet' };

export function parseUserAgent(userAgent: string | null): Device {
  if (!userAgent) return { kind: 'unknown', program: undefined, system: undefined };
  // The tokens "gatehouse" and "gatehouse-cli".
  if (/^gatehouse\b/i.test(userAgent)) return { kind: 'program', program: 'gatehouse', system: undefined };
  const { browser, os, platform } = parse(userAgent);
  const program = browser.name || PRODUCT.exec(userAgent)?.[0];
  // Bowser calls both iOS, and people know which of the two they have.
  const system = platform.model === 'iPhone' || platform.model === 'iPad' ? platform.model : os.name;
  return {
    kind: KINDS[platform.type ?? ''] ?? (program === undefined ? 'unknown' : 'program'),
    program: program === undefined ? undefined : (SHORT_NAMES[program] ?? program),
    system: system || undefined,
  };
}
