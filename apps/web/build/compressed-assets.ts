import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Text shorter than a network packet gains nothing; fonts and images are compressed already. */
const MIN_BYTES = 1024;
const TEXT = /\.(?:js|css|svg|json|txt)$/;

/** Puts `x.js.br` and `x.js.gz` beside each `x.js`, as small as they get: it takes too long to do on request. The server serves them. */
export function compressedAssets(): Plugin {
  return {
    name: 'gatehouse:compressed-assets',
    apply: 'build',
    generateBundle: {
      // After every plugin that changes an asset.
      order: 'post',
      async handler(_options, bundle) {
        await Promise.all(
          Object.entries(bundle).map(async ([fileName, output]) => {
            const content = Buffer.from(output.type === 'chunk' ? output.code : output.source);
            if (!TEXT.test(fileName) || content.length < MIN_BYTES) return;
            const [brotli, gzipped] = await Promise.all([
              promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
              promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
            ]);
            this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source: brotli });
            this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipped });
          }),
        );
      },
    },
  };
}
