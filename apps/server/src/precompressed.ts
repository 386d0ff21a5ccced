import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import express, { type Request, type RequestHandler, type Response } from 'express';

/** In the order in which we would rather send them: brotli is smaller. `apps/web/build/compressed-assets.ts` writes both. */
const ENCODINGS = [
  { name: 'br', extension: '.br', compress: brotliCompressSync },
  { name: 'gzip', extension: '.gz', compress: gzipSync },
] as const;

/** The first that the client takes; undefined: none, so send it as it is. */
function negotiate<Offer extends { readonly name: string }>(req: Request, res: Response, offers: readonly Offer[]): Offer | undefined {
  res.vary('Accept-Encoding');
  return offers.find(({ name }) => req.acceptsEncodings(name));
}

/**
 * The files of one folder, without those below it. A file `x.js` that has `x.js.br` or `x.js.gz` beside it is sent as that, so that nothing
 * is compressed while a request waits. `ETag` and ranges are of the bytes that are sent, as RFC 9110 has it (8.8.3, 14.2).
 *
 * @param folder is read once: the files of a build do not change.
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
      // The error is answered with a body of its own.
      for (const header of ['Content-Encoding', 'Content-Type']) res.removeHeader(header);
      next(error);
    });
  };
}

/** Sends a text that is the same for everybody and holds no secret (BREACH is about those that do). */
export function precompressedText(text: string): (req: Request, res: Response) => void {
  const offers = ENCODINGS.map(({ name, compress }) => ({ name, body: compress(text) }));
  return (req, res) => {
    const chosen = negotiate(req, res, offers);
    if (chosen) res.setHeader('Content-Encoding', chosen.name);
    res.send(chosen?.body ?? Buffer.from(text));
  };
}
