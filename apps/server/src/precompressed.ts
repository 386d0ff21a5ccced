import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import express, { type Request, type RequestHandler, type Response } from 'express';

/** In order of preference; brotli is smaller. `apps/web/build/compressed-assets.ts` writes both. */
export const ENCODINGS = [
  { name: 'br', extension: '.br', compress: brotliCompressSync },
  { name: 'gzip', extension: '.gz', compress: gzipSync },
] as const;

/** The first encoding that the client accepts, or undefined for uncompressed. */
export function negotiate<Offer extends { readonly name: string }>(
  req: Request,
  res: Response,
  offers: readonly Offer[],
): Offer | undefined {
  res.vary('Accept-Encoding');
  return offers.find(({ name }) => req.acceptsEncodings(name));
}

/**
 * Serves the files of one folder, without subfolders. If `x.js.br` or `x.js.gz` exists, it is sent in place of `x.js`, so nothing is
 * compressed per request. `ETag` and ranges refer to the encoded bytes (RFC 9110, 8.8.3 and 14.2).
 *
 * @param folder is listed once, because the files of a build do not change.
 */
export function precompressedFiles(folder: string, options: NonNullable<Parameters<typeof express.static>[1]>): RequestHandler {
  const files = readdirSync(folder);
  const offersOf = new Map(files.map((file) => [file, ENCODINGS.filter(({ extension }) => files.includes(file + extension))]));
  const serve = express.static(folder, { ...options, fallthrough: false });
  return (req, res, next) => {
    const file = req.path.slice(1);
    const offers = offersOf.get(file) ?? [];
    const chosen = offers.length > 0 ? negotiate(req, res, offers) : undefined;
    if (!chosen) return serve(req, res, next);
    res.type(extname(file)).setHeader('Content-Encoding', chosen.name);
    req.url = `/${file}${chosen.extension}`;
    serve(req, res, (error?: unknown) => {
      // The error response has a body of another type, uncompressed.
      for (const header of ['Content-Encoding', 'Content-Type']) res.removeHeader(header);
      next(error);
    });
  };
}

/** Sends a text that is the same for all users. It must not contain secrets, because of the BREACH attack. */
export function precompressedText(text: string): (req: Request, res: Response) => void {
  const offers = ENCODINGS.map(({ name, compress }) => ({ name, body: compress(text) }));
  return (req, res) => {
    const chosen = negotiate(req, res, offers);
    if (chosen) res.setHeader('Content-Encoding', chosen.name);
    res.send(chosen?.body ?? Buffer.from(text));
  };
}
