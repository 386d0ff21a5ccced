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

/** Who performed an action, and from where. */
export interface Actor {
  readonly kind: ActorKind;
  /** The actor's account id; null if there is none or it is unknown. */
  readonly id: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface ActOptions {
  /** The actor, for the audit trail. Default: `SYSTEM`. */
  readonly by?: Actor;
}

/** Gatehouse itself, or a caller that names no actor. */
export const SYSTEM: Actor = { kind: 'system', id: null, ip: null, userAgent: null };

export type ActivityEvent = AuditAction & {
  /** The account concerned; null if the event concerns no single account. */
  readonly userId: string | null;
  readonly at: Date;
  readonly by: Actor;
  /** The session concerned, `ses_…`. */
  readonly handle?: string | null;
  readonly reason?: AuditReason | null;
};

const MAX_USER_AGENT_LENGTH = 255;
/** Fits an IPv6 address with an IPv4 suffix and a zone. */
const MAX_IP_LENGTH = 64;

/** The columns of an audit entry. Pass an `id` derived from the event to write it once even if several processes report it. */
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

/** Writes an audit entry in the transaction of the change, so that either both or neither are stored. */
export async function writeActivity(tx: Transaction, event: ActivityEvent): Promise<void> {
  await tx.activity.createMany({ data: activityRow(event) });
}

/** The client controls these values, so remove characters that could break a log line or a terminal. */
function oneLine(text: string | null, maxLength: number): string | null {
  if (text === null) return null;
  return text
    .slice(0, maxLength * 4)
    .replaceAll(/\p{C}/gu, '')
    .slice(0, maxLength)
    .toWellFormed();
}
