import type { Request, RequestHandler, Response } from 'express';
import type { HstsSettings } from '@gatehouse/settings';
import helmet from 'helmet';

export interface SecurityHeaderOptions {
  /** CSP sources of the page's inline scripts: `'sha256-…'`. 'any' sends no CSP, for Vite's development server. */
  readonly inlineScripts: readonly string[] | 'any';
  readonly hsts: HstsSettings | undefined;
}

/** Browser features that our pages do not use, so injected scripts cannot use them either. Helmet does not set this header. */
const UNUSED = ['camera', 'display-capture', 'geolocation', 'hid', 'microphone', 'payment', 'serial', 'usb'];

const HSTS = 'Strict-Transport-Security';

/** Sets security headers on every response. The CSP allows only what the app uses, and inline scripts only by hash. */
export function securityHeaders({ inlineScripts, hsts }: SecurityHeaderOptions): RequestHandler {
  const headers = headersOf(
    helmet({
      contentSecurityPolicy: inlineScripts !== 'any' && {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'", ...inlineScripts],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          fontSrc: ["'self'"],
          connectSrc: ["'self'"],
          manifestSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          objectSrc: ["'none'"],
          // Strings cannot become HTML or script in the DOM, and no Trusted Types policy may be created.
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: ["'none'"],
        },
      },
      strictTransportSecurity: hsts !== undefined && {
        maxAge: hsts.maxAgeSeconds,
        includeSubDomains: hsts.includeSubDomains,
        preload: hsts.preload,
      },
      referrerPolicy: { policy: 'no-referrer' },
      crossOriginEmbedderPolicy: false,
      crossOriginOpenerPolicy: { policy: 'same-origin' },
      crossOriginResourcePolicy: { policy: 'same-origin' },
      // For browsers without support for frame-ancestors.
      xFrameOptions: { action: 'deny' },
    }),
  ).set('Permissions-Policy', UNUSED.map((feature) => `${feature}=()`).join(', '));
  const strictTransportSecurity = headers.get(HSTS);
  headers.delete(HSTS);
  return (req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    // Not over plain HTTP (RFC 6797, 7.2).
    if (strictTransportSecurity !== undefined && req.secure) res.setHeader(HSTS, strictTransportSecurity);
    next();
  };
}

/** The headers do not depend on the request, so helmet runs only once. */
function headersOf(middleware: ReturnType<typeof helmet>): Map<string, string> {
  const headers = new Map<string, string>();
  const recorder = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  middleware({} as Request, recorder as unknown as Response, (error?: unknown) => {
    if (error) throw error;
  });
  return headers;
}
