import { DatabaseOpenError } from '../database-open-error.ts';
import type { TlsParameters } from '../server/server-tls.ts';
import { serverUrl, type ServerUrl } from '../server/server-url.ts';
import { COMMON_HARMLESS, type Alias, type ParameterRules } from '../server/url-parameters.ts';

export const TLS: TlsParameters = {
  mode: 'ssl',
  checks: { false: undefined, true: 'host', 'verify-ca': 'authority', 'no-verify': 'nothing' },
  files: { ca: 'sslca' },
};

/** MySQL's own values, which DigitalOcean and Aiven use. */
const SSL_MODE: Alias = {
  name: TLS.mode,
  values: { DISABLED: ['false'], REQUIRED: ['true', 'verify-ca'], VERIFY_CA: ['verify-ca', 'true'], VERIFY_IDENTITY: ['true'] },
  otherwise: 'Write ssl=true.',
};

const SOCKET: Alias = { name: 'socket', values: { '*': ['*'] }, otherwise: '' };

const PARAMETERS: ParameterRules = {
  known: ['socket', 'connection_limit', 'connect_timeout', TLS.mode, ...Object.values(TLS.files)],
  aliases: {
    'ssl-mode': SSL_MODE,
    sslmode: { ...SSL_MODE, values: { ...SSL_MODE.values, disable: ['false'], require: ['true', 'verify-ca'] } },
    sslaccept: {
      name: TLS.mode,
      values: { strict: ['true', 'verify-ca'] },
      otherwise: 'Write ssl=true, or ssl=no-verify to accept any certificate.',
    },
    unix_socket: SOCKET,
    socketPath: SOCKET,
  },
  harmless: {
    ...COMMON_HARMLESS,
    charset: /^utf8mb4(_\w+)?$/i,
    collation: /^utf8mb4_\w+$/i,
    timezone: /^(Z|UTC|\+00:00)$/i,
  },
  refused: {},
};

/** mysql2 also accepts an object, which PlanetScale's documentation uses: `ssl={"rejectUnauthorized":true}`. */
export function mysqlUrl(url: string): ServerUrl {
  const address = serverUrl(url, { defaultPort: 3306, parameters: PARAMETERS, socketParameter: 'socket' });
  const mode = address.parameters.get(TLS.mode);
  if (address.parameters.get('socket')?.startsWith('/') === false)
    throw new DatabaseOpenError(url, 'socket must be the path of a socket file, such as /run/mysqld/mysqld.sock.');
  return mode?.startsWith('{') ? { ...address, parameters: new Map([...address.parameters, [TLS.mode, modeOf(url, mode)]]) } : address;
}

function modeOf(url: string, mode: string): string {
  let options: unknown;
  try {
    options = JSON.parse(mode);
  } catch {
    options = undefined;
  }
  const names = Object.keys(options ?? {});
  if (names.length === 1 && (options as { rejectUnauthorized?: unknown }).rejectUnauthorized === true) return 'true';
  throw new DatabaseOpenError(url, 'ssl has a value that is not supported. Write ssl=true, or ssl=no-verify to accept any certificate.');
}
