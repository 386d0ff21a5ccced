/** The supported databases, with Prisma's names. `mysql` includes MariaDB. */
export type Provider = 'sqlite' | 'mysql' | 'postgresql';

const SCHEMES: Readonly<Record<string, Provider>> = {
  'file:': 'sqlite',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'postgresql:': 'postgresql',
  'postgres:': 'postgresql',
};

/** The provider of a `DATABASE_URL`; undefined if its scheme is not supported. */
export const providerOf = (url: string): Provider | undefined => SCHEMES[/^[a-z]+:/i.exec(url)?.[0].toLowerCase() ?? ''];
