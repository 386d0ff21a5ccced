import type { ImportNotice, ImportedUsers } from '@gatehouse/accounts';
import type { SessionOutcome } from '@gatehouse/session/adoption';
import { counted } from '../../terminal/counted.ts';
import { table } from '../../terminal/table.ts';

/** Why a user was not imported completely, and how to fix that. */
const NOTICES: Readonly<Record<ImportNotice['reason'], string>> = {
  NO_EMAIL: 'refused: has no e-mail address. Add one in Django.',
  BAD_EMAIL: 'refused: the e-mail address is not valid. Correct it in Django.',
  BAD_USERNAME: 'refused: the user name is longer than 64 characters or not ASCII. Change it in Django.',
  USERNAME_IS_ADDRESS: "refused: the user name is an e-mail address, but not this user's. Make the two equal in Django.",
  USERNAME_TAKEN: 'refused: another user has this user name, or one that looks the same. Change one of them.',
  EMAIL_TAKEN: 'refused: another user has this e-mail address. Change one of them.',
  BAD_NAME: 'refused: the first or last name has invisible characters or direction marks. Enter it again in Django.',
  BAD_ROW: "refused: the id or the password is not in Django's format.",
  NO_PASSWORD: 'imported, but without a usable password. Set one: gatehouse changepassword',
};

export const userSummary = ({ read, imported, updated, unchanged, refused }: ImportedUsers): string[] => [
  `${counted(read, 'user')} read: ${imported} imported, ${updated} updated, ${unchanged} unchanged, ${refused} refused.`,
];

export const noticeTable = (notices: readonly ImportNotice[]): string[] =>
  table(
    ['Id', 'User', 'Result'],
    notices.map(({ djangoId, username, reason }) => [djangoId, username, NOTICES[reason]]),
  );

export const sessionSummary = (sessions: Readonly<Record<SessionOutcome, number>>): string[] => [
  `${counted(sessions.imported, 'session')} imported. Not imported: ${sessions.before} imported before, ${sessions.expired} expired, ${sessions.anonymous} anonymous, ` +
    `${sessions.unreadable} not signed with this key, ${sessions.ended} ended (by a changed password, a suspension or a sign-out, or without an account here).`,
];
