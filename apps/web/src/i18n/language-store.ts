import { CATALOGS, ENGLISH, type Messages } from './catalogs.ts';
import { chooseLanguage, directionOf, regionalTag, type AnyLanguage } from './languages.ts';

export const LANGUAGE_KEY = 'gatehouse-language';

export interface LanguageState {
  readonly language: AnyLanguage;
  /** For Intl, with the region of the browser: `de-AT`. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  readonly messages: Partial<Messages>;
}

/** English until `startLanguage` has chosen. */
let state: LanguageState = { language: 'en', tag: 'en', direction: 'ltr', messages: ENGLISH };
/** Once the signed-in pages were needed, a change of the language loads their messages too. */
let needsSignedIn = false;
const listeners = new Set<() => void>();

export const languageState = (): LanguageState => state;

export function subscribeLanguage(onChange: () => void): () => void {
  listeners.add(onChange);
  return () => void listeners.delete(onChange);
}

/** Chooses the language of this browser and loads what the first page needs of it. Never rejects: English is always there. */
export function startLanguage(): Promise<void> {
  const language = chooseLanguage(savedLanguage(), navigator.languages);
  return use(language).catch(() => use('en'));
}

/** Switches the language and remembers the choice. If its messages cannot be loaded, the language stays and this rejects. */
export async function switchLanguage(language: AnyLanguage): Promise<void> {
  await use(language);
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // Storage is blocked: the choice lasts until the page is closed.
  }
}

/** Loads the messages of the pages behind the sign-in. The guard of these pages awaits it. */
export async function loadSignedInMessages(): Promise<void> {
  needsSignedIn = true;
  const { language } = languageState();
  if (languageState().messages.controls === undefined) await use(language);
}

async function use(language: AnyLanguage): Promise<void> {
  const catalog = CATALOGS[language];
  const parts = await Promise.all([catalog.firstLoad(), needsSignedIn ? catalog.signedIn() : {}]);
  state = {
    language,
    tag: regionalTag(language, navigator.languages),
    direction: directionOf(language),
    messages: { ...parts[0], ...parts[1] },
  };
  document.documentElement.lang = language;
  document.documentElement.dir = state.direction;
  for (const listener of listeners) listener();
}

function savedLanguage(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}
