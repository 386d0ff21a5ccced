import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { hintAfter, refuseSecrets } from './secret-arguments.ts';

const SECRET = 's3cr3t-word';

function refusal(...args: string[]): string {
  try {
    refuseSecrets(args);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('security 48: no secret in process arguments', () => {
  test.each([
    ['import', 'django', '--from', `postgresql://reader:${SECRET}@db.example/site`],
    ['import', 'django', `--from=mysql://reader:${SECRET}@db.example/site`],
    ['import', 'django', '--from', `POSTGRES://reader:${SECRET}/?#%zz@db.example/site`],
    ['import', 'django', '--from', `postgresql://:${SECRET}@db.example/site`],
    ['import', 'django', '--from', `postgresql:///site?host=/run&password=${SECRET}`],
    ['import', 'django', '--from', `postgresql://db.example/site?sslpassword=${SECRET}`],
    ['import', 'django', '--from', `postgresql+psycopg2://reader:${SECRET}@db.example/site`],
    ['import', 'django', '--from', `jdbc:postgresql://reader:${SECRET}@db.example/site`],
    ['import', 'django', '--from', `jdbc:sqlserver://db.example;user=reader;password=${SECRET}`],
    ['import', 'django', '--from', `"mysql://reader:${SECRET}@db.example/site`],
    ['import', 'django', '--from', `host=db.example user=reader password=${SECRET}`],
    ['import', 'django', `--from=password=${SECRET} host=db.example`],
    ['whoami', '--url', `https://ada:${SECRET}@app.example`],
    ['doctor', `redis+sentinel://:${SECRET}@one:26379,two:26379/main`],
    ['login', 'ada', '--password', SECRET],
    ['login', 'ada', `--password=${SECRET}`],
    ['createuser', 'ada', '-password', SECRET],
    ['import', 'django', '--secret-key', SECRET],
    ['migrate', '--pepper', SECRET],
  ])('%s %s %s %s is refused without repeating the secret', (...args) => {
    expect(refusal(...args)).toMatch(/^No command accepts .* as an argument\. Other users of this machine can see arguments/);
    expect(refusal(...args)).not.toContain(SECRET);
  });

  test('the message says what to do instead', () => {
    expect(refusal('import', 'django', '--from', `mysql://a:${SECRET}@b/c`)).toMatch(/GATEHOUSE_IMPORT_URL.*--from -.*import asks for it/);
    expect(refusal('login', '--password', SECRET)).toContain('--password-stdin');
    expect(refusal('import', 'django', '--secret-key', SECRET)).toContain('--secret-key-file');
    expect(refusal('migrate', `--pepper=${SECRET}`)).toContain('.env');
  });

  test.each([
    ['import', 'django', '--from', 'postgresql://reader@db.example:5432/site'],
    ['import', 'django', '--from', 'postgresql://db.example/site?sslmode=verify-full&user=reader@x'],
    ['import', 'django', '--from', '-', '--secret-key-file', 'key.txt'],
    ['import', 'django', '--from', 'file:/srv/a:b@c/db.sqlite3'],
    ['login', 'ada@example.org', '--url', 'https://app.example:8443', '--password-stdin'],
    ['createuser', 'ada', '--name', 'Ada: a@b', '--generate-password'],
    ['users', 'list', '--limit', '1'],
  ])('%s %s %s %s passes', (...args) => {
    expect(refusal(...args)).toBe('');
  });

  test('an extra argument of login, createuser and changepassword may be a password, so the user is warned', () => {
    const excess = new CommanderError(1, 'commander.excessArguments', 'too many');
    for (const name of ['login', 'createuser', 'changepassword'])
      expect(hintAfter(excess, [name, 'ada', SECRET])).toMatch(/password, change it.*--password-stdin/);
    expect(hintAfter(excess, ['whoami', 'ada'])).toBeUndefined();
    expect(hintAfter(new CommanderError(1, 'commander.unknownOption', ''), ['login', '--x'])).toBeUndefined();
  });
});
