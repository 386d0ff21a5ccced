export { activityKindSchema, activityListSchema, activitySchema, type Activity, type ActivityKind } from './activity.ts';
export {
  listedUserSchema,
  overviewSchema,
  roleInputSchema,
  statusInputSchema,
  userInputSchema,
  userPageInputSchema,
  userPageSchema,
  type ListedUser,
  type Overview,
  type UserPage,
} from './administration.ts';
export {
  actorKindSchema,
  auditEventSchema,
  auditFilterSchema,
  auditPageInputSchema,
  auditPageSchema,
  auditReasonSchema,
  DETAIL_SCHEMAS,
  namedAccountSchema,
  namedAuditPageSchema,
  type ActorKind,
  type AuditAction,
  type AuditEvent,
  type AuditFilterInput,
  type AuditPage,
  type AuditPageInput,
  type AuditReason,
  type NamedAccount,
  type NamedAuditPage,
} from './audit.ts';
export type { Authentication, ChangePasswordOutcome, SignInGrant } from './authentication.ts';
export { adminStatsSchema, IMPORTANT_KINDS, type AdminStats, type SignInBucket } from './admin-stats.ts';
export { displayNameProblem } from './display-name.ts';
export {
  editableFieldProblem,
  editableFields,
  fieldEditsSchema,
  type CheckedEdits,
  type EditableFields,
  type FieldEditor,
  type FieldEdits,
} from './editable-fields.ts';
export type { EndedSession, ExpiredBatch } from './ended-session.ts';
export { emailChangeInputSchema, emailSchema, type EmailChangeInput } from './email.ts';
export { FIELD_MESSAGES, fieldMessageCode, type FieldMessageCode } from './field-messages.ts';
export type { ChoiceField, FormField, NumberField, TextField } from './form-field.ts';
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
export { meSchema, type Me, type Presence } from './me.ts';
export { loginPath, safeNextPath } from './next-path.ts';
export {
  MAX_PASSWORD_BYTES,
  passwordChangeInputSchema,
  reauthenticateInputSchema,
  type PasswordChangeInput,
  type ReauthenticateInput,
} from './password.ts';
export { profileInputSchema, profileUpdateInputSchema, type ProfileInput, type ProfileUpdateInput } from './profile.ts';
export { isReason, REASONS, SIGNED_OUT_REASONS, type Reason, type SignedOutReason } from './reasons.ts';
export { formatRetryAfter } from './retry-after.ts';
export {
  ownedSessionDetailsSchema,
  ownedSessionPageInputSchema,
  ownedSessionPageSchema,
  ownedSessionSchema,
  type OwnedSession,
  type OwnedSessionDetails,
  type OwnedSessionPage,
  type OwnedSessionPageInput,
} from './session-administration.ts';
export {
  handlesInputSchema,
  sessionDetailsSchema,
  sessionEventSchema,
  sessionMethodSchema,
  sessionRowSchema,
  sessionSearchInputSchema,
  sessionSearchSchema,
  sessionSortSchema,
  userIdsInputSchema,
  type SessionDetails,
  type SessionEvent,
  type SessionMethod,
  type SessionRow,
  type SessionSearch,
  type SessionSearchInput,
  type SessionSort,
} from './session-details.ts';
export { STREAM_PING_MS, STREAM_SILENCE_MS, type SessionChange } from './session-change.ts';
export type { CommitOutcome, SessionState, SessionView } from './session-state.ts';
export { identifierInputSchema, loginInputSchema, signInMethodSchema, type LoginInput } from './sign-in.ts';
export {
  bulkOutcomeSchema,
  createdUserSchema,
  temporaryPasswordSchema,
  userCreateInputSchema,
  userRowSchema,
  userSearchInputSchema,
  userSearchSchema,
  userSortSchema,
  userUpdateInputSchema,
  type BulkOutcome,
  type CreatedUser,
  type TemporaryPassword,
  type UserCreateInput,
  type UserRow,
  type UserSearch,
  type UserSearchInput,
  type UserSort,
  type UserUpdateInput,
} from './user-administration.ts';
export { accountStatusSchema, roleSchema, sessionUserSchema, type AccountStatus, type Role, type SessionUser } from './user.ts';
// `export *`, because other modules cannot merge into an interface that is re-exported by name.
export * from './session-data.ts';
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
  TOKEN_HEADER,
  TRANSPORT_BEARER,
  TRANSPORT_HEADER,
  TRPC_PATH,
  USER_HEADER,
} from './wire.ts';
