import * as english from '../messages/en/first-load.ts';
import { PSEUDO_LANGUAGE, type AnyLanguage } from './languages.ts';
import type * as EnglishSignedIn from '../messages/en/signed-in.ts';

/** All messages, by feature. `signed-in` is missing until `loadSignedInMessages` resolves. */
export type Messages = typeof english & typeof EnglishSignedIn;

export interface Catalog {
  /** The sign-in page and the frame of every page. English is part of the first script, other languages are loaded when they are needed. */
  readonly firstLoad: () => Promise<Partial<Messages>>;
  /** The pages behind the sign-in. */
  readonly signedIn: () => Promise<Partial<Messages>>;
}

/** A translation has the type of its source, because the compiler checks the keys and a test the placeholders. */
const asMessages = (translation: unknown): Partial<Messages> => translation as Partial<Messages>;

/** What is there without loading anything. */
export const ENGLISH = asMessages(english);

/** The languages' messages. Each `import()` becomes a file of its own. */
export const CATALOGS: Record<AnyLanguage, Catalog> = {
  en: {
    firstLoad: () => Promise.resolve(ENGLISH),
    signedIn: async () => asMessages(await import('../messages/en/signed-in.ts')),
  },
  de: {
    firstLoad: async () => asMessages(await import('../messages/de/first-load.ts')),
    signedIn: async () => asMessages(await import('../messages/de/signed-in.ts')),
  },
  [PSEUDO_LANGUAGE]: {
    firstLoad: async () => asMessages((await import('./pseudo-messages.ts')).pseudoMessages(english)),
    signedIn: async () => {
      const [{ pseudoMessages }, source] = await Promise.all([import('./pseudo-messages.ts'), import('../messages/en/signed-in.ts')]);
      return asMessages(pseudoMessages(source));
    },
  },
};
