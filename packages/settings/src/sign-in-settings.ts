import { setting } from './setting.ts';
import { countForm, secondsForm } from './value-forms.ts';

/** How failed sign-ins are slowed down. */
export const SIGN_IN_SETTINGS = {
  SIGN_IN_LIMIT_ACCOUNT: setting({
    form: countForm({ min: 0 }),
    default: '10',
    meaning:
      'Failed sign-ins after which further attempts on an account must wait: one second at first, then twice as long each time. A device that signed in before has its own count. 0: no limit.',
  }),
  SIGN_IN_LIMIT_ADDRESS: setting({
    form: countForm({ min: 0 }),
    default: '30',
    meaning: 'The same for all attempts from one address, on any accounts: an IPv4 address, or the /64 of an IPv6 address. 0: no limit.',
  }),
  SIGN_IN_LIMIT_WINDOW: setting({
    form: secondsForm({ min: 1, max: 86_400 }),
    default: '900',
    meaning: 'The longest of these waits, in seconds, and how long a failure counts for an address. For an account it counts for a day.',
  }),
};
