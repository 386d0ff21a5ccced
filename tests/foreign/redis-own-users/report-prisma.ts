import { registerHooks } from 'node:module';

// `node --import ./report-prisma.ts app.ts` ends the app as soon as it loads anything of Prisma or a database driver.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (/\/node_modules\/(?:@prisma|prisma|better-sqlite3|mariadb|pg)\//.test(resolved.url)) {
      console.error(`${context.parentURL} loads ${resolved.url}`);
      process.exit(1);
    }
    return resolved;
  },
});
