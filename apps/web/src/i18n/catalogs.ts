import * as english from '../messages/en/first-load.ts';
import { PSEUDO_LANGUAGE, type AnyLanguage } from './languages.ts';
import type * as EnglishAdministration from '../messages/en/administration.ts';
import type * as EnglishSignedIn from '../messages/en/signed-in.ts';

/** All messages, by feature. Those of a part are missing until `loadMessages` has loaded it. */
export type Messages = typeof english & typeof EnglishSignedIn & typeof EnglishAdministration;

/**
 * `firstLoad`: the sign-in page and the frame of every page. English is part of the first script, other languages are loaded when they are
 * needed. `signedIn`: the pages behind the sign-in. `administration`: the pages for administrators.
 */
export type Part = 'firstLoad' | 'signedIn' | 'administration';

type Catalog = Readonly<Record<Part, () => Promise<Partial<Messages>>>>;

/** A translation has the type of its source, because the compiler checks the keys and a test the placeholders. */
const asMessages = (translation: unknown): Partial<Messages> => translation as Partial<Messages>;

/** What is there without loading anything. */
export const ENGLISH = asMessages(english);

/** The languages' messages. Each `import()` becomes a file of its own. */
const WRITTEN: Record<Exclude<AnyLanguage, typeof PSEUDO_LANGUAGE>, Catalog> = {
  en: {
    firstLoad: () => Promise.resolve(ENGLISH),
    signedIn: async () => asMessages(await import('../messages/en/signed-in.ts')),
    administration: async () => asMessages(await import('../messages/en/administration.ts')),
  },
  de: {
    firstLoad: async () => asMessages(await import('../messages/de/first-load.ts')),
    signedIn: async () => asMessages(await import('../messages/de/signed-in.ts')),
    administration: async () => asMessages(await import('../messages/de/administration.ts')),
  },
};

/** The pseudo-language is made of English. */
const pseudo = (part: Part) => async (): Promise<Partial<Messages>> => {
  const [{ pseudoMessages }, source] = await Promise.all([import('./pseudo-messages.ts'), WRITTEN.en[part]()]);
  return asMessages(pseudoMessages(source));
};

export const CATALOGS: Readonly<Record<AnyLanguage, Catalog>> = {
  ...WRITTEN,
  [PSEUDO_LANGUAGE]: { firstLoad: pseudo('firstLoad'), signedIn: pseudo('signedIn'), administration: pseudo('administration') },
};
