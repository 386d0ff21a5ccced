/** Relative times that Intl.RelativeTimeFormat has no words for. */
export const time = {
  soon: 'in less than a minute',
  justNow: 'just now',
  ends: 'ends {when}',
  ended: 'ended {when}',
} as const;
