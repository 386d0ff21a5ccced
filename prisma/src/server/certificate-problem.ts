import type { TlsWords } from './server-tls.ts';

/** Why the certificate of a server is not accepted, and the mend; undefined for a code of something else. */
export function certificateProblem(code: string, { host, words }: { host: string; words: TlsWords }): string | undefined {
  const { mode, files } = words;
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the server's certificate does not name ${host}. Write a host that it names into DATABASE_URL, or hold it to its authority alone: ${mode}=verify-ca&${files.ca}=/path/ca.pem.`;
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `the server's certificate is not valid at this time (${code}). Renew it, or set the clock of this machine.`;
    default:
      return UNTRUSTED.test(code)
        ? `the server's certificate is signed by nobody whom this machine trusts (${code}). Name the file of its authority in DATABASE_URL: ${files.ca}=/path/ca.pem.`
        : undefined;
  }
}

/** OpenSSL's names, by which Node says that a chain ends nowhere. */
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_|INVALID_)/;
