/** The databases Gatehouse runs on, in Prisma's words. */
export type Provider = 'sqlite' | 'mysql' | 'postgresql';

const SCHEMES: Readonly<Record<string, Provider>> = {
  'file:': 'sqlite',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'postgresql:': 'postgresql',
  'postgres:': 'postgresql',
};

/** Which database a `DATABASE_URL` means; undefined if none. */
export const providerOf = (url: string): Provider | undefined => SCHEMES[/^[a-z]+:/i.exec(url)?.[0].toLowerCase() ?? ''];
