export { makeCertificates, type Certificates } from './certificates.ts';
export {
  DJANGO_HASHES,
  DJANGO_MEMBERS,
  DJANGO_SITE,
  DJANGO_SITES,
  djangoSite,
  makeDjangoHashes,
  makeDjangoSite,
} from './django/django-site.ts';
export { migratedDatabase } from './migrated-database.ts';
export { hasPgbouncer, startPgbouncer, type Pgbouncer } from './pgbouncer.ts';
export { hasPrivate, startPrivate, type PrivateServer } from './private-server.ts';
export { sampleActivity, sampleSession, sampleUser } from './sample-rows.ts';
export { temporaryDatabase, temporaryFolder, temporaryUrl } from './temporary-database.ts';
export { stopwatch } from './stopwatch.ts';
export { tcpProxy, type ProxyMode, type TcpProxy } from './tcp-proxy.ts';
export { DATABASES, MARIADB, POSTGRESQL, SQLITE, type EmptyDatabase, type TestDatabase } from './test-databases.ts';
