import { isGroup } from '../form-fields.ts';

/*
 * What a user has typed into a form and not saved, until the tab is closed: it survives the end of the session and a reload. Another user
 * of the tab does not get it.
 */

const PREFIX = 'gatehouse-draft:';

export type DraftValues = Readonly<Record<string, unknown>>;

const keyOf = (userId: string, form: string): string => `${PREFIX}${userId}:${form}`;

/** Passwords are never stored, whatever a form calls its draft. */
const isSecret = (field: string): boolean => /password|secret/i.test(field);

const withoutSecrets = (values: DraftValues): DraftValues =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([field]) => !isSecret(field))
      .map(([field, value]) => [field, isGroup(value) ? withoutSecrets(value) : value]),
  );

/** The stored fields that the form has with a value of the same type. Groups are complete, because they replace those of the form. */
const fitting = (stored: DraftValues, shown: DraftValues): [string, unknown][] =>
  Object.entries(stored).flatMap(([field, value]): [string, unknown][] => {
    const now = Object.hasOwn(shown, field) ? shown[field] : undefined;
    if (isGroup(value) && isGroup(now)) return [[field, { ...now, ...Object.fromEntries(fitting(value, now)) }]];
    return typeof value === typeof now && !isGroup(now) ? [[field, value]] : [];
  });

/** Fails silently if the browser blocks storage or it is full: then there is no draft. */
function inStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

export function saveDraft(userId: string, form: string, values: DraftValues): void {
  inStorage((storage) => storage.setItem(keyOf(userId, form), JSON.stringify(withoutSecrets(values))));
}

/**
 * The fields of the draft that the form still has, with values of the same type: another version of the app may have stored it. undefined:
 * there is no draft, or it is what the form shows anyway.
 */
export function readDraft(userId: string, form: string, shown: DraftValues): DraftValues | undefined {
  const stored = inStorage((storage): unknown => JSON.parse(storage.getItem(keyOf(userId, form)) ?? 'null'));
  if (typeof stored !== 'object' || stored === null) return undefined;
  const fields = fitting(withoutSecrets(stored as DraftValues), shown);
  const isNew = fields.some(([field, value]) => JSON.stringify(value) !== JSON.stringify(shown[field]));
  return isNew ? Object.fromEntries(fields) : undefined;
}

export function removeDraft(userId: string, form: string): void {
  inStorage((storage) => storage.removeItem(keyOf(userId, form)));
}

/** For a sign-out by choice: whoever uses the browser next should find nothing. */
export function removeAllDrafts(): void {
  inStorage((storage) => {
    for (const key of Object.keys(storage)) if (key.startsWith(PREFIX)) storage.removeItem(key);
  });
}
