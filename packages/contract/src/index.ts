// First: the schemas below are made when they are imported.
import './no-eval.ts';
export { activityKindSchema, activityListSchema, activitySchema, type Activity, type ActivityKind } from './activity.ts';
export {
  listedUserSchema,
  roleInputSchema,
  statusInputSchema,
  userInputSchema,
  userPageInputSchema,
  userPageSchema,
  type ListedUser,
  type UserPage,
} from './administration.ts';
export {
  actorKindSchema,
  auditEventSchema,
  auditPageInputSchema,
  auditPageSchema,
  auditReasonSchema,
  DETAIL_SCHEMAS,
  namedAccountSchema,
  namedAuditPageSchema,
  type ActorKind,
  type Act,
  type AuditEvent,
  type AuditPage,
  type AuditPageInput,
  type AuditReason,
  type NamedAccount,
  type NamedAuditPage,
} from './audit.ts';
export { displayNameProblem } from './display-name.ts';
export { instantSchema } from './instant.ts';
export {
  handleInputSchema,
  listedSessionSchema,
  sessionPageInputSchema,
  sessionPageSchema,
  userSessionPageInputSchema,
  type ListedSession,
  type SessionPage,
  type SessionPageInput,
} from './listed-session.ts';
export { meSchema, type Me } from './me.ts';
export { loginPath, safeNextPath } from './next-path.ts';
export { overviewSchema, type Overview } from './overview.ts';
export {
  MAX_PASSWORD_BYTES,
  passwordChangeInputSchema,
  reauthenticateInputSchema,
  type PasswordChangeInput,
  type ReauthenticateInput,
} from './password.ts';
export type { Presence } from './presence.ts';
export { profileInputSchema, type ProfileInput } from './profile.ts';
export { isReason, REASONS, SIGNED_OUT_REASONS, type Reason, type SignedOutReason } from './reasons.ts';
export { inSeconds } from './retry-after.ts';
export { CARRIED_KEYS, sessionDataSchema, type SessionData, type SessionIdentity } from './session-data.ts';
export { identifierInputSchema, loginInputSchema, signInMethodSchema, type LoginInput } from './sign-in.ts';
export { accountStatusSchema, roleSchema, sessionUserSchema, type AccountStatus, type Role, type SessionUser } from './user.ts';
// All of it: an interface that is exported by name cannot be merged into from elsewhere.
export * from './user-attributes.ts';
export {
  AJAX_HEADER,
  AJAX_HEADER_VALUE,
  BACKGROUND_HEADER,
  BACKGROUND_HEADER_VALUE,
  LOGIN_PATH,
  MAX_BATCH_SIZE,
  MAX_BODY_BYTES,
  ONCE_A_REQUEST,
  TRPC_PATH,
  USER_HEADER,
} from './wire.ts';
