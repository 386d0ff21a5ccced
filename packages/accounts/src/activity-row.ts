import { randomUUID } from 'node:crypto';
import {
  activityKindSchema,
  actorKindSchema,
  auditReasonSchema,
  DETAIL_SCHEMAS,
  type AuditAction,
  type ActorKind,
  type AuditReason,
} from '@gatehouse/contract';
import { whereText, type Transaction } from '@gatehouse/prisma';

/** Who acts, and from where. */
export interface Actor {
  readonly kind: ActorKind;
  /** Their account; null: none, or nobody knows. */
  readonly id: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface ActOptions {
  /** Who does it, for the audit trail. Default: nobody is named. */
  readonly by?: Actor;
}

/** Nobody: Gatehouse itself, or a caller that does not say. */
export const SYSTEM: Actor = { kind: 'system', id: null, ip: null, userAgent: null };

export type ActivityEvent = AuditAction & {
  /** Whom it happened to; null: nobody, or everyone. */
  readonly userId: string | null;
  readonly at: Date;
  readonly by: Actor;
  /** The session concerned, `ses_…`. */
  readonly handle?: string | null;
  readonly reason?: AuditReason | null;
};

const MAX_USER_AGENT_LENGTH = 255;
/** An IPv6 address with an IPv4 tail and a zone. */
const MAX_IP_LENGTH = 64;

/** The columns of an event. `id`: one that the same event has whoever writes it; else a new one. */
export function activityRow({ userId, kind, detail, at, by, handle = null, reason = null }: ActivityEvent, id: string = randomUUID()) {
  return {
    id,
    userId: userId === null ? null : whereText(userId),
    kind: activityKindSchema.parse(kind),
    at,
    ip: oneLine(by.ip, MAX_IP_LENGTH),
    userAgent: oneLine(by.userAgent, MAX_USER_AGENT_LENGTH),
    handle,
    actorKind: actorKindSchema.parse(by.kind),
    actorId: by.id === null ? null : whereText(by.id),
    reason: reason === null ? null : auditReasonSchema.parse(reason),
    detail: detail === undefined ? null : JSON.stringify(DETAIL_SCHEMAS[kind].parse(detail)),
  };
}

/** As part of the act: neither is there without the other. */
export async function writeActivity(tx: Transaction, event: ActivityEvent): Promise<void> {
  await tx.activity.createMany({ data: activityRow(event) });
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
