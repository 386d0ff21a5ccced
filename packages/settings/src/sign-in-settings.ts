import { setting } from './setting.ts';
import { countSchema, secondsSchema } from './value-schemas.ts';

/** Rate limits for failed sign-ins. */
export const SIGN_IN_SETTINGS = {
  SIGN_IN_LIMIT_ACCOUNT: setting({
    schema: countSchema({ min: 0 }),
    default: '10',
    meaning:
      'Number of failed sign-ins after which further attempts on an account must wait: one second at first, then twice as long each time. Known devices are counted separately. 0: no limit.',
  }),
  SIGN_IN_LIMIT_ADDRESS: setting({
    schema: countSchema({ min: 0 }),
    default: '30',
    meaning: 'The same per IP address, for all accounts. IPv6 addresses are counted per /64 network. 0: no limit.',
  }),
  SIGN_IN_LIMIT_WINDOW: setting({
    schema: secondsSchema({ min: 1, max: 86_400 }),
    default: '900',
    meaning: 'The longest wait, in seconds, and how long a failure counts for an IP address. For an account, a failure counts for a day.',
  }),
};
