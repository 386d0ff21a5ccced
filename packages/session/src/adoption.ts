// Takes over sessions of an earlier app: `@gatehouse/session/adoption`.
export type { AdoptedSession, Adoption } from './adoption/adoption.ts';
export { openAdoption, type OpenAdoption } from './adoption/open-adoption.ts';
export { createDjangoAdoption } from './django/django-adoption.ts';
export { isForeignTo } from './django/django-sessions.ts';
export { importDjangoSessions, type ImportSessionsOptions, type SessionOutcome } from './django/import-sessions.ts';
