/** The current session: times, expiry warning. */
export const session = {
  card: {
    title: 'This session',
    loading: 'Loading your session',
    expires: 'Expires <b><when></when></b>',
    expired: 'Expired <b><when></when></b>',
    exact: '<at></at>.',
    exactLater: '<at></at>; later if you stay active.',
    exactSooner: '<at></at>; sooner if you close the browser.',
    exactBoth: '<at></at>; later if you stay active; sooner if you close the browser.',
    signedIn: 'Signed in',
    lastActivity: 'Last activity',
    endsAtLatest: 'Ends at the latest',
    ended: 'Ended',
    handle: 'Handle',
    handleNote: 'Identifies this session in lists and logs.',
  },
} as const;
