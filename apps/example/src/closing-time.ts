import type { ExpiryPolicy } from '@gatehouse/server';

const CLOSING_HOUR = 18;

/** Administrators use the computer behind the counter, so their sessions end when the shop closes: at 18:00 in the server's time zone. */
export const closingTime: ExpiryPolicy = ({ user, loginTime }) => {
  if (user.role !== 'admin') return 'keep';
  const endAt = new Date(loginTime);
  endAt.setHours(CLOSING_HOUR, 0, 0, 0);
  // Signed in after closing time: until tomorrow's.
  if (endAt <= loginTime) endAt.setDate(endAt.getDate() + 1);
  return { endAt };
};
