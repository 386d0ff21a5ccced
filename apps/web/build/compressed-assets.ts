import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** Shorter files fit into one network packet anyway. */
const MIN_BYTES = 1024;
/** Fonts and images are compressed already. */
const TEXT = /\.(?:js|css|svg|json|txt)$/;

/** Emits `x.js.br` and `x.js.gz` beside each `x.js`, for the server to send. The best compression is too slow to run per request. */
export function compressedAssets(): Plugin {
  return {
    name: 'gatehouse:compressed-assets',
    apply: 'build',
    generateBundle: {
      // After all plugins that change assets.
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
