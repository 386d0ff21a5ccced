import type { Request, RequestHandler, Response } from 'express';
import type { HstsSettings } from '@gatehouse/settings';
import helmet from 'helmet';

export interface SecurityHeaderOptions {
  /** CSP sources of the inline scripts in our own page: `'sha256-…'`. 'any': no CSP at all, for Vite's development server. */
  readonly inlineScripts: readonly string[] | 'any';
  readonly hsts: HstsSettings | undefined;
}

/** What no page of ours asks a browser for, nor a script that got into one. Helmet leaves this header to the app. */
const UNUSED = ['camera', 'display-capture', 'geolocation', 'hid', 'microphone', 'payment', 'serial', 'usb'];

const HSTS = 'Strict-Transport-Security';

/** On every answer. Nothing is allowed that the app does not use; inline scripts only by their hash. */
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
          // No string becomes markup or script in the DOM, and no policy may be made that would let one.
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
      // For browsers that know no frame-ancestors.
      xFrameOptions: { action: 'deny' },
    }),
  ).set('Permissions-Policy', UNUSED.map((feature) => `${feature}=()`).join(', '));
  const strictTransportSecurity = headers.get(HSTS);
  headers.delete(HSTS);
  return (req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    // Never over plain http (RFC 6797, 7.2).
    if (strictTransportSecurity !== undefined && req.secure) res.setHeader(HSTS, strictTransportSecurity);
    next();
  };
}

/** Nothing in them depends on the request, so helmet puts them together once. */
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
