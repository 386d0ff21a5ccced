import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { existingSecrets, sessionSecrets } from './session-secrets.ts';
import { SettingsError } from './settings-error.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-secret-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const secretsIn = (dataFolder: string) => sessionSecrets({ dataFolder, session: { secrets: [] } });

test('configured secrets are used, and nothing is written', () => {
  const dataFolder = folder();
  expect(sessionSecrets({ dataFolder, session: { secrets: ['a', 'b'] } })).toEqual(['a', 'b']);
  expect(readdirSync(dataFolder)).toEqual([]);
});

test('a missing secret is generated once, readable only by its owner, and the folder is created', () => {
  const dataFolder = join(folder(), 'deep', 'data');
  const [secret] = secretsIn(dataFolder);
  expect(secret).toHaveLength(43);
  expect(secretsIn(dataFolder)).toEqual([secret]);
  expect(statSync(join(dataFolder, 'session-secret')).mode & 0o777).toBe(0o600);
  expect(statSync(dataFolder).mode & 0o777).toBe(0o700);
});

test('a secret file that other users can read gets its permissions restored', () => {
  const dataFolder = folder();
  const [secret] = secretsIn(dataFolder);
  chmodSync(join(dataFolder, 'session-secret'), 0o644);
  expect(secretsIn(dataFolder)).toEqual([secret]);
  expect(statSync(join(dataFolder, 'session-secret')).mode & 0o777).toBe(0o600);
});

test('processes that start at the same time use the same secret', async () => {
  const dataFolder = folder();
  const program = `import { sessionSecrets } from ${JSON.stringify(join(import.meta.dirname, 'session-secrets.ts'))};
    console.log(sessionSecrets({ dataFolder: ${JSON.stringify(dataFolder)}, session: { secrets: [] } })[0]);`;
  const run = () => promisify(execFile)(process.execPath, ['--input-type=module-typescript', '--eval', program]);
  const outputs = await Promise.all(Array.from({ length: 6 }, run));
  const kept = readFileSync(join(dataFolder, 'session-secret'), 'utf8');
  expect(new Set(outputs.map(({ stdout }) => stdout))).toEqual(new Set([kept]));
  expect(readdirSync(dataFolder)).toEqual(['session-secret']);
});

test('a truncated secret is an error with a fix', () => {
  const dataFolder = folder();
  writeFileSync(join(dataFolder, 'session-secret'), 'half');
  expect(() => secretsIn(dataFolder)).toThrow(/SESSION_SECRET in .*session-secret is truncated\.\n.*Remove that file/);
});

test('a folder that is a file, or inside one, is a clear problem', () => {
  const file = join(folder(), 'data');
  writeFileSync(file, '', { mode: 0o700 });
  expect(() => secretsIn(file)).toThrow(SettingsError);
  for (const path of [file, join(file, 'below'), join(file, 'below', 'deeper')])
    expect(() => secretsIn(path)).toThrow(/GATEHOUSE_DATA_DIR is a file, or is inside a file: .*\n.*Choose a folder/);
});

test.runIf(existsSync('/proc/self'))('a folder that cannot be created is an error, even where Node’s recursive mkdir never returns', () => {
  for (const path of ['/proc/gatehouse', '/proc/gatehouse/data'])
    expect(() => secretsIn(path)).toThrow(/GATEHOUSE_DATA_DIR is not writable: \/proc\/gatehouse.*ENOENT/);
});

test('a command finds the secret that the server generated, and generates none', () => {
  const dataFolder = folder();
  const settings = { dataFolder, session: { secrets: [] } };
  expect(existingSecrets(settings)).toBeUndefined();
  expect(readdirSync(dataFolder)).toEqual([]);
  expect(existingSecrets({ ...settings, session: { secrets: ['a', 'b'] } })).toEqual(['a', 'b']);
  expect(sessionSecrets(settings)).toEqual(existingSecrets(settings));
});
