/** What there is to choose from. Keys are the values of the flags. */
export const DATABASES = {
  sqlite: { label: 'SQLite', hint: 'a file, no server', url: () => 'file:./data/app.db' },
  postgresql: { label: 'PostgreSQL', hint: '', url: (name: string) => `postgresql://postgres:postgres@localhost:5432/${name}` },
  mysql: { label: 'MariaDB or MySQL', hint: '', url: (name: string) => `mysql://root:root@localhost:3306/${name}` },
} as const;

export const ENGINES = {
  db: { label: 'In the database', hint: 'nothing else to run', needsRedis: false },
  cached_db: { label: 'In the database, with copies in Redis', hint: 'fewer queries', needsRedis: true },
  redis: { label: 'In Redis', hint: 'fastest', needsRedis: true },
} as const;

export const FRONT_ENDS = {
  react: { label: 'React', hint: 'Vite, a sign-in page, a protected page' },
  api: { label: 'API only', hint: 'for a front end or a program of your own' },
} as const;

export type DatabaseName = keyof typeof DATABASES;
export type EngineName = keyof typeof ENGINES;
export type FrontEnd = keyof typeof FRONT_ENDS;

/** The app to create. */
export interface Choices {
  /** The folder, as it was given. */
  readonly folder: string;
  readonly database: DatabaseName;
  readonly engine: EngineName;
  readonly frontEnd: FrontEnd;
}

export const DEFAULTS = { folder: 'gatehouse-app', database: 'sqlite', engine: 'db', frontEnd: 'react' } as const satisfies Choices;

/** `--mariadb` is what many call it; the driver and the URL are the same. */
export const databaseAlias = (name: string): string =>
  ({ mariadb: 'mysql', postgres: 'postgresql', pg: 'postgresql' })[name.toLowerCase()] ?? name.toLowerCase();
