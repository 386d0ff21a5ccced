import { userAttributesSchema, type AttributeChanges, type AttributesSchema } from '@gatehouse/contract';
import { InvalidArgumentError, Option } from 'commander';
import { requireUserOf, serverOption, withAdministration } from '../../administration/with-administration.ts';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import type { ServerOptions } from '../../server-connection.ts';

interface EditOptions extends ServerOptions {
  readonly name?: string;
  readonly email?: string;
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

export const usersEdit = () =>
  command('edit', {
    description: 'Change the name, the e-mail address and the own fields of an account, all or none. Its sessions stay.',
    examples: [
      ['gatehouse users edit ada --name "Ada Lovelace"', 'the display name'],
      ['gatehouse users edit ada --email ada@example.org', 'the address, with which ada can sign in'],
      ['gatehouse users edit ada --set department=Sales --unset phone', 'own fields of the app'],
    ],
  })
    .argument('<identifier>', 'user name or e-mail address')
    .option('--name <name>', 'display name')
    .option('--email <address>', 'e-mail address')
    .addOption(
      new Option('--set <field=value>', 'an own field; a value that is not text is JSON; repeat the option for more fields')
        .argParser(addField)
        .default({}, 'none'),
    )
    .addOption(
      new Option('--unset <field>', 'an own field to remove; repeat the option for more fields').argParser(addName).default([], 'none'),
    )
    .addOption(serverOption())
    .action(
      reporting((identifier: string, { name, email, set, unset, url }: EditOptions) => {
        const attributes = { ...Object.fromEntries(unset.map((field) => [field, undefined])), ...valuesOf(set, userAttributesSchema) };
        const isNothing = name === undefined && email === undefined && Object.keys(attributes).length === 0;
        if (isNothing) throw new Failure('USAGE', 'Pass what to change: --name, --email, --set or --unset.', EXIT.USAGE);
        return withAdministration({ ...(url !== undefined && { url }) }, async (admin) => {
          const { id } = await requireUserOf(admin, identifier);
          const user = await admin.updateUser(id, {
            ...(name !== undefined && { name }),
            ...(email !== undefined && { email }),
            ...(Object.keys(attributes).length > 0 && { attributes }),
          });
          return { json: { user }, lines: [`Changed ${user.username}.`] };
        });
      }),
    );

/** The text as it is, if the field accepts text; else as JSON, if it is JSON: so `7` is text for a text field and a number for a number. */
export function valuesOf(set: Readonly<Record<string, string>>, { shape }: AttributesSchema): AttributeChanges {
  const values = Object.entries(set).map(([field, text]): [string, unknown] => {
    const declared = Object.hasOwn(shape, field) ? shape[field] : undefined;
    if (!declared || declared.safeParse(text).success) return [field, text];
    try {
      return [field, JSON.parse(text)];
    } catch {
      // The schema says what is wrong with the text.
      return [field, text];
    }
  });
  return Object.fromEntries(values);
}

/** `department=Sales` */
function addField(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as department=Sales.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

const addName = (field: string, before: readonly string[]): string[] => [...before, field];
