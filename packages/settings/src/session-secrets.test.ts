import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { sessionSecrets } from './session-secrets.ts';
import { SettingsError } from './settings-error.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-secret-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const secretsIn = (dataFolder: string) => sessionSecrets({ dataFolder, session: { secrets: [] } });

test('secrets that were set are used and nothing is written', () => {
  const dataFolder = folder();
  expect(sessionSecrets({ dataFolder, session: { secrets: ['a', 'b'] } })).toEqual(['a', 'b']);
  expect(readdirSync(dataFolder)).toEqual([]);
});

test('a missing secret is made once, for its owner’s eyes only, in a folder that is made too', () => {
  const dataFolder = join(folder(), 'deep', 'data');
  const [secret] = secretsIn(dataFolder);
  expect(secret).toHaveLength(43);
  expect(secretsIn(dataFolder)).toEqual([secret]);
  expect(statSync(join(dataFolder, 'session-secret')).mode & 0o777).toBe(0o600);
  expect(statSync(dataFolder).mode & 0o777).toBe(0o700);
});

test('a secret that others may read is closed to them', () => {
  const dataFolder = folder();
  const [secret] = secretsIn(dataFolder);
  chmodSync(join(dataFolder, 'session-secret'), 0o644);
  expect(secretsIn(dataFolder)).toEqual([secret]);
  expect(statSync(join(dataFolder, 'session-secret')).mode & 0o777).toBe(0o600);
});

test('processes that start together end up with one secret', async () => {
  const dataFolder = folder();
  const program = `import { sessionSecrets } from ${JSON.stringify(join(import.meta.dirname, 'session-secrets.ts'))};
    console.log(sessionSecrets({ dataFolder: ${JSON.stringify(dataFolder)}, session: { secrets: [] } })[0]);`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module-typescript', '--eval', program]);
  const outputs = await Promise.all(Array.from({ length: 6 }, run));
  const kept = readFileSync(join(dataFolder, 'session-secret'), 'utf8');
  expect(new Set(outputs.map(({ stdout }) => stdout))).toEqual(new Set([kept]));
  expect(readdirSync(dataFolder)).toEqual(['session-secret']);
});

test('a secret cut short is an error that says what to do, not a weak signature', () => {
  const dataFolder = folder();
  writeFileSync(join(dataFolder, 'session-secret'), 'half');
  expect(() => secretsIn(dataFolder)).toThrow(/SESSION_SECRET kept in .*session-secret is cut short\.\n.*Remove that file/);
});

test('a folder that is a file, or below one, is one clear problem', () => {
  const file = join(folder(), 'data');
  writeFileSync(file, '', { mode: 0o700 });
  expect(() => secretsIn(file)).toThrow(SettingsError);
  for (const path of [file, join(file, 'below'), join(file, 'below', 'deeper')])
    expect(() => secretsIn(path)).toThrow(/GATEHOUSE_DATA_DIR names a file or lies below one: .*\n.*Name a folder/);
});

test.runIf(existsSync('/proc/self'))('a folder that cannot be made is an error, also where Node’s recursive mkdir never returns', () => {
  for (const path of ['/proc/gatehouse', '/proc/gatehouse/data'])
    expect(() => secretsIn(path)).toThrow(/GATEHOUSE_DATA_DIR names a folder that cannot be written to: \/proc\/gatehouse.*ENOENT/);
});
