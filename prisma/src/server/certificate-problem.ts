import type { TlsParameters } from './server-tls.ts';

/** Why the server's certificate was rejected, and the fix; undefined if the error code is not about certificates. */
export function certificateProblem(code: string, { host, words }: { host: string; words: TlsParameters }): string | undefined {
  const { mode, files } = words;
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the server's certificate does not name ${host}. Use a host that it names in DATABASE_URL, or verify only its authority: ${mode}=verify-ca&${files.ca}=/path/ca.pem.`;
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `the server's certificate is not valid at this time (${code}). Renew it, or set the clock of this machine.`;
    default:
      return UNTRUSTED.test(code)
        ? `the server's certificate is not signed by an authority that this machine trusts (${code}). Add the authority to DATABASE_URL: ${files.ca}=/path/ca.pem.`
        : undefined;
  }
}

/** Node reports an untrusted certificate chain with OpenSSL's error names. */
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|INVALID_)/;
