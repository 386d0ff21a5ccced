import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../src');

/** The relative imports of the files in a folder, as paths from `src`: `features/session/session-card.tsx`. */
function importsOf(folder: string): { file: string; imported: string }[] {
  const files = globSync(`${folder}/**/*.{ts,tsx}`, { cwd: source }).filter((file) => !file.includes('.test.'));
  const imports = files.flatMap((file) =>
    [...readFileSync(`${source}/${file}`, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => ({
      file,
      imported: new URL(path, `file:///${file}`).pathname.slice(1),
    })),
  );
  expect(imports.length).toBeGreaterThan(10);
  return imports;
}

test('i18n/ imports only itself and the messages', () => {
  expect(importsOf('i18n').filter(({ imported }) => !/^(?:i18n|messages)\//.test(imported))).toEqual([]);
});

test('shared/ imports only shared/ and i18n/', () => {
  expect(importsOf('shared').filter(({ imported }) => !/^(?:shared|i18n)\//.test(imported))).toEqual([]);
});

test('a feature imports only itself, shared/ and i18n/', () => {
  const wrong = importsOf('features').filter(({ file, imported }) => {
    const own = file.split('/').slice(0, 2).join('/');
    return !/^(?:shared|i18n)\//.test(imported) && !imported.startsWith(`${own}/`);
  });
  expect(wrong).toEqual([]);
});

test('app/ does not import routes', () => {
  expect(importsOf('app').filter(({ imported }) => imported.startsWith('routes/'))).toEqual([]);
});

test('a native select comes from shared/native-select.ts, which loads the styles of its arrow', () => {
  const direct = globSync('**/*.{ts,tsx}', { cwd: source }).filter((file) =>
    /import \{[^}]*\bNativeSelect\b[^}]*\} from '@mantine\/core'/.test(readFileSync(`${source}/${file}`, 'utf8')),
  );
  expect(direct).toEqual([]);
});
