import { DATABASES, ENGINES, type Choices } from './choices.ts';
import { firstCommands, preparations } from './next-steps.ts';
import { runScript, type PackageManager } from './package-manager.ts';
import { nameOf } from './target-folder.ts';

/** The README.md of the app. */
export function appReadme(choices: Choices, packageManager: PackageManager): string {
  const { folder, database, engine, frontEnd } = choices;
  const isReact = frontEnd === 'react';
  const run = (script: string): string => runScript(packageManager, script);
  const before = preparations(choices);
  return `# ${nameOf(folder)}

An Express app${isReact ? ' with a React front end' : ''}. [Gatehouse](https://www.npmjs.com/package/@gatehouse/server) provides users, sign-in and sessions.
Accounts: ${DATABASES[database].label}. Sessions: ${lowerFirst(ENGINES[engine].label)}.

## Start

${before.length === 0 ? '' : `${before.join('\n')}\n\n`}    ${packageManager} install
    ${firstCommands(packageManager).join('\n    ')}

${
  isReact
    ? 'Open <http://localhost:3000> and sign in. Server and pages reload when you save a file.'
    : `The server listens at <http://localhost:3000> and restarts when you save a file. Sign in:

    curl -c cookies -H 'content-type: application/json' -H 'x-requested-with: XMLHttpRequest' \\
      -d '{"identifier":"ada","password":"…"}' http://localhost:3000/trpc/auth.login
    curl -b cookies http://localhost:3000/trpc/greeting`
}

The first start creates the tables${database === 'sqlite' ? ' and the file in `data/`' : ''}. For an administrator, add \`--admin\` to \`add-user\`.

| command | |
|---|---|
| \`${run('dev')}\` | development |
${isReact ? `| \`${run('build')}\` | builds the pages into \`dist/\` |\n` : ''}| \`${run('start')}\` | the server${isReact ? ', with the built pages' : ''} |
| \`${run('test')}\` | the tests, on a SQLite file of their own |
| \`${run('typecheck')}\` | the types |

The tests use the database at \`TEST_DATABASE_URL\` and the Redis at \`TEST_REDIS_URL\` if these are set${ENGINES[engine].needsRedis ? '' : ' (Redis needs the packages `redis` and `connect-redis`)'}.

## Where things are

| file in \`src/\` | |
|---|---|
| \`server/router.ts\` | your procedures, beside Gatehouse's: add yours here |
| \`server/user-fields.ts\` | your own fields of users |
| \`server/app.ts\` | the Express app |
${
  isReact
    ? `| \`server/dev.ts\`, \`server/main.ts\` | the server in development and in production |
| \`web/app.tsx\` | shows the sign-in page or the protected page |
| \`web/sign-in.tsx\`, \`web/home.tsx\` | these pages |
| \`web/trpc.ts\` | typed hooks for every procedure |
`
    : '| `server/main.ts` | the server |\n'
}
## Settings

\`.env\` has this machine's settings; \`.env.example\` is its copy for others, without secrets. Add a line to both.

In production, set \`NODE_ENV=production\`, \`SESSION_SECRET\` and \`PUBLIC_URL\`. Several servers need the same \`SESSION_SECRET\`${database === 'sqlite' ? ', and a\ndatabase server instead of SQLite' : ''}.

On SIGTERM, the server says at \`/readyz\` that it stops, serves on for a few seconds, and lets running requests finish. Give it 30 seconds.
`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
