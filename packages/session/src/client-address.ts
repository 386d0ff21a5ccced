import type { Request } from 'express';
import { parseIpAddress } from './ip-address.ts';

/**
 * The address that a request came from, as far as `trust proxy` says whom to believe, in its canonical text (RFC 5952); null if what
 * a trusted proxy passed on is no address.
 */
export const clientAddress = ({ ip }: Pick<Request, 'ip'>): string | null => parseIpAddress(ip)?.toString() ?? null;
