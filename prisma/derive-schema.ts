import type { Provider } from './src/provider.ts';

/** The providers to generate clients for. To add one: its name here, its driver in src/open-database.ts, and its migrations/ folder. */
export const PROVIDERS: readonly Provider[] = ['sqlite', 'mysql', 'postgresql'];

/**
 * The variant of schema.prisma for a provider. A comment at the end of a field sets its native type for a provider and becomes the
 * attribute:
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
