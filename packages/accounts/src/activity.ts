import { activityKindSchema, type Activity } from '@gatehouse/contract';
import { whereText, type Database } from '@gatehouse/prisma';
import { writeActivity, type ActivityEvent } from './activity-row.ts';
import { noteSignIn } from './index-users.ts';

const MAX_PAGE = 1000;

/** Kinds that a newer server wrote are skipped, so that the rest of the trail stays readable. */
export const KNOWN_KINDS: string[] = activityKindSchema.options;

export function activityLog(prisma: Database['prisma']) {
  return {
    async recordActivity(event: ActivityEvent): Promise<void> {
      await writeActivity(prisma, event);
      if (event.kind === 'signed_in' && event.userId !== null) await noteSignIn(prisma, event.userId, event.at);
    },

    async recentActivity(userId: string, { limit }: { limit: number }): Promise<Activity[]> {
      const rows = await prisma.activity.findMany({
        where: { userId: whereText(userId), kind: { in: KNOWN_KINDS } },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: Math.max(0, Math.min(limit, MAX_PAGE)),
      });
      return rows.map(({ id, kind, at, ip, userAgent, handle, actorKind }) => ({
        id,
        kind: activityKindSchema.parse(kind),
        at,
        // The address of an administrator is not the user's business.
        ...(actorKind === 'admin' ? { ip: null, userAgent: null } : { ip, userAgent }),
        handle,
      }));
    },
  };
}
