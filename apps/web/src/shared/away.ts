import { errorReason, isUnreachable } from '@gatehouse/client';

/** The server, or what it needs, is away: waiting helps. A fault of its own (`INTERNAL`) is not that. */
export const isAway = (error: unknown): boolean => isUnreachable(error) && errorReason(error) !== 'INTERNAL';
