import { CATALOGS, ENGLISH, type Messages, type Part } from './catalogs.ts';
import { chooseLanguage, directionOf, regionalTag, type AnyLanguage } from './languages.ts';

export const LANGUAGE_KEY = 'gatehouse-language';

export interface LanguageState {
  readonly language: AnyLanguage;
  /** For Intl, with the region of the browser: `de-AT`. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  readonly messages: Partial<Messages>;
  /** Which parts `messages` has. */
  readonly parts: ReadonlySet<Part>;
}

/** English until `startLanguage` has chosen. */
let state: LanguageState = { language: 'en', tag: 'en', direction: 'ltr', messages: ENGLISH, parts: new Set(['firstLoad']) };
/** Once a part was needed, a change of the language loads it too. */
const needed = new Set<Part>(['firstLoad']);
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

/** Loads a part of the messages, which every later language then loads too. The guards of the pages that need it await this. */
export async function loadMessages(part: Part): Promise<void> {
  needed.add(part);
  while (!state.parts.has(part)) {
    const { language } = state;
    // oxlint-disable-next-line no-await-in-loop -- again, only if the language has changed meanwhile
    const messages = await CATALOGS[language][part]();
    if (state.language === language)
      show({ ...state, parts: new Set([...state.parts, part]), messages: { ...state.messages, ...messages } });
  }
}

async function use(language: AnyLanguage): Promise<void> {
  let parts: Part[];
  let messages: Partial<Messages>[];
  do {
    parts = [...needed];
    // oxlint-disable-next-line no-await-in-loop -- again, only if a page has needed more meanwhile
    messages = await Promise.all(parts.map((part) => CATALOGS[language][part]()));
  } while (needed.size > parts.length);
  show({
    language,
    tag: regionalTag(language, navigator.languages),
    direction: directionOf(language),
    messages: Object.assign({}, ...messages) as Partial<Messages>,
    parts: new Set(parts),
  });
}

function show(next: LanguageState): void {
  state = next;
  document.documentElement.lang = state.language;
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
