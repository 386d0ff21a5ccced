import { DATABASES, ENGINES, type Choices } from './choices.ts';
import { nameOf } from './target-folder.ts';

/** The settings of the app, for `.env` and `.env.example`. */
export function envFile({ folder, database, engine }: Choices): string {
  return [
    '# Settings. Environment variables have precedence over this file, which is not in version control: .env.example is.',
    '',
    ...(database === 'sqlite' ? [] : ['# The database must exist. The app creates its tables.']),
    `DATABASE_URL=${DATABASES[database].url(nameOf(folder))}`,
    '',
    '# Where sessions are stored: db, cached_db or redis. The last two need REDIS_URL and the packages redis and connect-redis.',
    `SESSION_ENGINE=${engine}`,
    ENGINES[engine].needsRedis ? 'REDIS_URL=redis://localhost:6379' : '#REDIS_URL=redis://localhost:6379',
    '',
    '# Required in production: 32 random characters or more. To make one: openssl rand -base64 32',
    '#SESSION_SECRET=',
    '',
    '# Required in production: the address that users open. https makes the cookie secure.',
    '#PUBLIC_URL=https://app.example.com',
    '',
    '#PORT=3000',
    '',
  ].join('\n');
}
