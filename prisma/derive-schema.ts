import type { Provider } from './src/provider.ts';

/** The databases clients are generated for. One more: its name here, its driver in src/open-database.ts, its migrations/ folder. */
export const PROVIDERS: readonly Provider[] = ['sqlite', 'mysql', 'postgresql'];

/**
 * schema.prisma as another provider has it. The models are written once; where a database needs a native type, the
 * field ends in a comment that names it, and that comment becomes the attribute:
 *
 *     data String // mysql: @db.LongText
 */
export function deriveSchema(schema: string, options: { provider: Provider; output: string }): string {
  return schema
    .replace(/^(\s*output\s*=\s*).*$/m, `$1${JSON.stringify(options.output)}`)
    .replace(/^(datasource \w+ \{\s*provider\s*=\s*).*$/m, `$1"${options.provider}"`)
    .replaceAll(/\s*\/\/ (sqlite|mysql|postgresql): (@db\.\S+)$/gm, (_comment, provider: string, attribute: string) =>
      provider === options.provider ? ` ${attribute}` : '',
    );
}
