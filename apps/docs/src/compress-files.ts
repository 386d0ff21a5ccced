import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Writes a `.br` and a `.gz` beside each text file, so that a server compresses nothing per request. */
export function compressFiles(folder: string): void {
  for (const file of globSync('**/*.{html,js,css,svg,json}', { cwd: folder })) {
    const content = readFileSync(join(folder, file));
    if (content.length < 1024) continue;
    // Quality 9 takes a tenth of the time of 11, and the files are larger by 3 %.
    const brotli = brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    });
    writeFileSync(join(folder, `${file}.br`), brotli);
    writeFileSync(join(folder, `${file}.gz`), gzipSync(content));
  }
}
