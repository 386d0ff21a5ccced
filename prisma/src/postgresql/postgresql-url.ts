import type { TlsParameters } from '../server/server-tls.ts';
import { serverUrl, type ServerUrl } from '../server/server-url.ts';
import { COMMON_HARMLESS, type ParameterRules } from '../server/url-parameters.ts';

/** The values of libpq, with two differences: `require` verifies the certificate, and `no-verify` is what libpq calls `require`. */
export const TLS: TlsParameters = {
  mode: 'sslmode',
  checks: { disable: undefined, require: 'host', 'verify-ca': 'authority', 'verify-full': 'host', 'no-verify': 'nothing' },
  files: { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' },
};

/** Modes that use TLS and verify the certificate. */
const CHECKED = ['require', 'verify-ca', 'verify-full'] as const;

const PARAMETERS: ParameterRules = {
  // `schema`, `pgbouncer` and `connection_limit` are from Prisma, the others from libpq.
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
    // From pg, Heroku and JDBC.
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
    // From Prisma.
    sslaccept: {
      name: TLS.mode,
      values: { strict: CHECKED },
      otherwise: 'Write sslmode=verify-full, or sslmode=no-verify to accept any certificate.',
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
    // In the addresses that Supabase provides on Vercel.
    supa: /^[\w.-]+$/,
  },
  refused: {
    options: 'Gatehouse sets these options itself: schema=NAME sets the search path, and timeouts follow from SESSION_STORAGE_TIMEOUT.',
    uselibpqcompat: 'It would make sslmode=require verify nothing. Remove it, or write sslmode=no-verify if that is intended.',
    sslpassword: 'Use a key file without a password that only this user can read.',
  },
};

export const postgresqlUrl = (url: string): ServerUrl => {
  const address = serverUrl(url, { defaultPort: 5432, parameters: PARAMETERS, socketParameter: 'host' });
  // In libpq 16, `system` means the authorities that the system trusts, which Node trusts too, and verifies the host name.
  if (address.parameters.get(TLS.files.ca) !== 'system') return address;
  const parameters = new Map(address.parameters);
  parameters.delete(TLS.files.ca);
  if (!parameters.has(TLS.mode)) parameters.set(TLS.mode, 'verify-full');
  return { ...address, parameters };
};
