import { expect, test } from 'vitest';
import { DatabaseOpenError } from '../database-open-error.ts';
import { describeServer } from './describe-server.ts';

type Provider = Parameters<typeof describeServer>[0];

const CHECKED = { isEncrypted: true, isChecked: true };
const PLAIN = { isEncrypted: false };

// Addresses as providers and other drivers write them.
test.each<[who: string, Provider, url: string, expected: object]>([
  ['Neon', 'postgresql', '//app:s3cret@ep-cool-1-pooler.eu.aws.neon.tech/shop?sslmode=require&channel_binding=require', CHECKED],
  ['Supabase', 'postgresql', '//postgres.ref:s3cret@aws-0.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1', PLAIN],
  ['Supabase at Vercel', 'postgresql', '//app:s3cret@db.supabase.com:6543/postgres?sslmode=require&supa=base-pooler.x', CHECKED],
  ['Heroku', 'postgresql', '//app:s3cret@ec2-1.amazonaws.com:5432/d1?ssl=true', CHECKED],
  [
    'Heroku, unchecked',
    'postgresql',
    '//app:s3cret@ec2-1.amazonaws.com:5432/d1?sslmode=no-verify',
    { isEncrypted: true, isChecked: false },
  ],
  ['RDS', 'postgresql', '//app:s3cret@db.eu.rds.amazonaws.com:5432/shop?sslmode=verify-full&sslrootcert=/rds.pem', CHECKED],
  ['libpq 16', 'postgresql', '//app:s3cret@db.example/shop?sslrootcert=system', CHECKED],
  ['Aiven', 'postgresql', '//avnadmin:s3cret@pg-1.aivencloud.com:12345/defaultdb?sslmode=require', CHECKED],
  ['Prisma', 'postgresql', '//app:s3cret@db.example/shop?schema=public&connect_timeout=10&pool_timeout=20&sslaccept=strict', CHECKED],
  [
    'libpq',
    'postgresql',
    '//app:s3cret@db.example/shop?application_name=shop&client_encoding=UTF8&keepalives=1&target_session_attrs=read-write',
    PLAIN,
  ],
  [
    'Cloud SQL',
    'postgresql',
    '//app:s3cret@/shop?host=/cloudsql/project:region:instance',
    { socket: '/cloudsql/project:region:instance', user: 'app' },
  ],
  ['libpq, a socket for a host', 'postgresql', '//app@%2Frun%2Fpostgresql/shop', { socket: '/run/postgresql' }],
  ['libpq, a host', 'postgresql', '//app@/shop?host=db.example', { socket: undefined, host: 'db.example' }],
  ['PlanetScale', 'mysql', '//app:s3cret@aws.connect.psdb.cloud/shop?ssl={"rejectUnauthorized":true}', CHECKED],
  ['PlanetScale for Prisma', 'mysql', '//app:s3cret@aws.connect.psdb.cloud/shop?sslaccept=strict', CHECKED],
  ['DigitalOcean, Aiven', 'mysql', '//doadmin:s3cret@db.ondigitalocean.com:25060/defaultdb?ssl-mode=REQUIRED', CHECKED],
  ['MySQL', 'mysql', '//app:s3cret@db.example/shop?ssl-mode=VERIFY_CA&sslca=/ca.pem', CHECKED],
  ['Rails, mysql2', 'mysql', '//app:s3cret@db.example/shop?charset=utf8mb4&timezone=Z&connect_timeout=5', PLAIN],
  [
    'Cloud SQL for MySQL',
    'mysql',
    '//app:s3cret@/shop?unix_socket=/cloudsql/project:region:instance',
    { socket: '/cloudsql/project:region:instance' },
  ],
  ['mysql2, a socket', 'mysql', '//app@localhost/shop?socketPath=/run/mysqld/mysqld.sock', { socket: '/run/mysqld/mysqld.sock' }],
])('%s: %s:%s', (_who, provider, rest, expected) => {
  expect(describeServer(provider, `${provider}:${rest}`)).toMatchObject(expected);
});

// Parameters that would make the connection less secure than they suggest, or that are not supported.
test.each<[Provider, parameters: string, message: string]>([
  ['postgresql', 'sslmode=prefer', 'sslmode must be one of'],
  ['postgresql', 'ssl=maybe', 'Write sslmode=verify-full.'],
  ['postgresql', 'ssl=true&sslmode=disable', 'ssl and sslmode contradict each other'],
  ['postgresql', 'sslaccept=strict&sslmode=no-verify', 'sslaccept and sslmode contradict each other'],
  ['postgresql', 'sslaccept=accept_invalid_certs', 'or sslmode=no-verify to accept any certificate'],
  ['postgresql', 'sslmode=require&uselibpqcompat=true', 'It would make sslmode=require verify nothing'],
  ['postgresql', 'options=-c%20search_path=x', 'options is not supported. Gatehouse sets these options itself'],
  ['postgresql', 'gssencmode=require', 'gssencmode has a value that is not supported'],
  ['postgresql', 'client_encoding=LATIN1', 'client_encoding has a value that is not supported'],
  ['postgresql', 'connect_timeout=soon', 'connect_timeout must be a whole number of seconds from 0 to 300'],
  ['postgresql', 'target_session_attrs=read-only', 'target_session_attrs has a value that is not supported'],
  ['postgresql', 'passfile=x', 'it has unknown parameters (passfile)'],
  ['mysql', 'ssl={"rejectUnauthorized":false}', 'or ssl=no-verify to accept any certificate'],
  ['mysql', 'ssl={"rejectUnauthorized":true,"minVersion":"TLSv1"}', 'ssl has a value that is not supported'],
  ['mysql', 'ssl-mode=PREFERRED', 'ssl-mode has a value that is not supported. Write ssl=true.'],
  ['mysql', 'ssl=false&sslaccept=strict', 'sslaccept and ssl contradict each other'],
  ['mysql', 'charset=latin1', 'charset has a value that is not supported'],
  ['mysql', 'timezone=local', 'timezone has a value that is not supported'],
  ['mysql', 'socket=mysqld.sock', 'socket must be the path of a socket file'],
  ['mysql', '__proto__=x', 'it has unknown parameters (__proto__)'],
])('%s with %s is refused: %s', (provider, parameters, message) => {
  const describing = (): unknown => describeServer(provider, `${provider}://app:s3cret@db.example/shop?${parameters}`);
  expect(describing).toThrow(DatabaseOpenError);
  expect(describing).toThrow(message);
  expect(describing).not.toThrow('s3cret');
});
