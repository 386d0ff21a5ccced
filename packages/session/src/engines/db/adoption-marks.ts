import { whereText, type Database } from '@gatehouse/prisma';
import { sql } from '@gatehouse/prisma/sql';

/** The subject that stands for all users; no user has this id. */
const EVERYONE = '';

/** Width of the column of user ids. */
const MAX_ID_LENGTH = 64;

/** Users whose sessions of an earlier app are no longer adopted: see `Engine.refusesAdoption`. */
export function dbAdoptionMarks({ prisma, provider }: Pick<Database, 'prisma' | 'provider'>, now: () => number) {
  const again =
    provider === 'mysql'
      ? sql`ON DUPLICATE KEY UPDATE set_at = VALUES(set_at)`
      : sql`ON CONFLICT (subject) DO UPDATE SET set_at = excluded.set_at`;

  async function refuse(subject: string): Promise<void> {
    await prisma.$executeRaw(sql`INSERT INTO gatehouse_adoption_mark (subject, set_at) VALUES (${subject}, ${new Date(now())}) ${again}`);
  }

  return {
    refuseUser: async (userId: string): Promise<void> => {
      if (userId.length <= MAX_ID_LENGTH) await refuse(whereText(userId));
    },
    refuseEveryone: (): Promise<void> => refuse(EVERYONE),
    refusesAdoption: async (userId: string): Promise<boolean> =>
      (await prisma.adoptionMark.count({ where: { subject: { in: [whereText(userId), EVERYONE] } } })) > 0,
  };
}
