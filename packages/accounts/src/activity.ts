import { randomUUID } from 'node:crypto';
import { activityKindSchema, type Activity, type ActivityKind } from '@gatehouse/contract';
import { whereText, type Database } from '@gatehouse/prisma';

export interface ActivityEvent {
  /** null: of no account, as for a failed sign-in with an unknown name. */
  readonly userId: string | null;
  readonly kind: ActivityKind;
  readonly at: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The session concerned, `ses_…`. */
  readonly handle: string | null;
}

const MAX_USER_AGENT_LENGTH = 255;
/** An IPv6 address with an IPv4 tail and a zone. */
const MAX_IP_LENGTH = 64;
const MAX_PAGE = 1000;

export function activityLog(prisma: Database['prisma']) {
  return {
    async recordActivity({ userId, kind, at, ip, userAgent, handle }: ActivityEvent): Promise<void> {
      await prisma.activity.create({
        data: {
          id: randomUUID(),
          userId: userId === null ? null : whereText(userId),
          kind: activityKindSchema.parse(kind),
          at,
          ip: oneLine(ip, MAX_IP_LENGTH),
          userAgent: oneLine(userAgent, MAX_USER_AGENT_LENGTH),
          handle,
        },
      });
    },

    async recentActivity(userId: string, { limit }: { limit: number }): Promise<Activity[]> {
      const rows = await prisma.activity.findMany({
        where: { userId: whereText(userId) },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
        take: Math.max(0, Math.min(limit, MAX_PAGE)),
      });
      return rows.map(({ id, kind, at, ip, userAgent, handle }) => ({
        id,
        kind: activityKindSchema.parse(kind),
        at,
        ip,
        userAgent,
        handle,
      }));
    },
  };
}

/** The sender wrote it: what could break a line of a log or a terminal is taken out before it is stored. */
function oneLine(text: string | null, maxLength: number): string | null {
  if (text === null) return null;
  return text
    .slice(0, maxLength * 4)
    .replaceAll(/\p{C}/gu, '')
    .slice(0, maxLength)
    .toWellFormed();
}
