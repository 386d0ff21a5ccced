import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { compressedAssets } from './compressed-assets.ts';

test('the build has a brotli and a gzip version of each script and style sheet of at least 1 KiB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-build-'));
  try {
    await writeFile(join(folder, 'index.html'), '<script type="module" src="/main.js"></script>');
    await writeFile(
      join(folder, 'main.js'),
      `import './main.css'; console.log(${JSON.stringify('text '.repeat(1000))}); import('./short.js');`,
    );
    await writeFile(join(folder, 'main.css'), Array.from({ length: 200 }, (_, index) => `.c${index} { color: red }`).join('\n'));
    await writeFile(join(folder, 'short.js'), 'console.log(1)');
    const { output } = (await build({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      plugins: [compressedAssets()],
      build: { write: false },
    })) as Rolldown.RolldownOutput;
    const files = new Map(output.map((file) => [file.fileName, Buffer.from(file.type === 'chunk' ? file.code : file.source)]));
    const long = [...files].filter(([name, content]) => /\.(?:js|css)$/.test(name) && content.length >= 1024);
    expect(long).toHaveLength(2);
    for (const [name, content] of long) {
      expect(brotliDecompressSync(files.get(`${name}.br`) ?? '').equals(content)).toBe(true);
      expect(gunzipSync(files.get(`${name}.gz`) ?? '').equals(content)).toBe(true);
    }
    expect([...files.keys()].filter((name) => /\.(?:br|gz)$/.test(name))).toHaveLength(4);
  } finally {
    await rm(folder, { recursive: true });
  }
});
