import type { TlsWords } from '../server/server-tls.ts';
import { serverUrl, type ServerUrl } from '../server/server-url.ts';
import { COMMON_HARMLESS, type ParameterRules } from '../server/url-parameters.ts';

/** Those of libpq, but for `require`, which checks the certificate here, and `no-verify`, which is what libpq calls `require`. */
export const TLS: TlsWords = {
  mode: 'sslmode',
  checks: { disable: undefined, require: 'host', 'verify-ca': 'authority', 'verify-full': 'host', 'no-verify': 'nothing' },
  files: { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' },
};

/** Whatever asks for TLS with a certificate that is checked. */
const CHECKED = ['require', 'verify-ca', 'verify-full'] as const;

const PARAMETERS: ParameterRules = {
  // `schema`, `pgbouncer` and `connection_limit` are Prisma's, the others libpq's.
  known: [
    'host',
    'schema',
    TLS.mode,
    ...Object.values(TLS.files),
    'application_name',
    'channel_binding',
    'pgbouncer',
    'connection_limit',
    'connect_timeout',
  ],
  aliases: {
    // pg's, Heroku's and JDBC's.
    ssl: {
      name: TLS.mode,
      values: {
        true: [...CHECKED, 'no-verify'],
        '1': [...CHECKED, 'no-verify'],
        false: ['disable'],
        '0': ['disable'],
        'no-verify': ['no-verify'],
      },
      otherwise: 'Write sslmode=verify-full.',
    },
    // Prisma's.
    sslaccept: {
      name: TLS.mode,
      values: { strict: CHECKED },
      otherwise: 'Write sslmode=verify-full, or sslmode=no-verify if any certificate is to do.',
    },
  },
  harmless: {
    ...COMMON_HARMLESS,
    client_encoding: /^utf-?8$/i,
    gssencmode: /^(disable|prefer)$/,
    keepalives: /^1$/,
    keepalives_idle: /^\d+$/,
    keepalives_interval: /^\d+$/,
    keepalives_count: /^\d+$/,
    sslsni: /^1$/,
    sslnegotiation: /^postgres$/,
    target_session_attrs: /^(any|read-write|primary)$/,
    // Of Supabase's addresses at Vercel.
    supa: /^[\w.-]+$/,
  },
  refused: {
    options: 'What it would set is set here: schema=NAME sets the search path, and limits follow from SESSION_STORAGE_TIMEOUT.',
    uselibpqcompat: 'It would make sslmode=require check nothing. Leave it out, or write sslmode=no-verify if that is what is meant.',
    sslpassword: 'Use a key without a password that only this user can read.',
  },
};

export const postgresqlUrl = (url: string): ServerUrl => {
  const address = serverUrl(url, { defaultPort: 5432, parameters: PARAMETERS, socketParameter: 'host' });
  // libpq 16: the authorities that the system trusts, which Node trusts as well, and the host's name.
  if (address.parameters.get(TLS.files.ca) !== 'system') return address;
  const parameters = new Map(address.parameters);
  parameters.delete(TLS.files.ca);
  if (!parameters.has(TLS.mode)) parameters.set(TLS.mode, 'verify-full');
  return { ...address, parameters };
};
