import { command, reporting } from '../../command.ts';
import { withSessions } from '../../local.ts';
import { counted } from '../../terminal/counted.ts';

export const sessionsCount = () =>
  command('count', {
    description: 'Count the live sessions, and the users who have them.',
    examples: [['gatehouse sessions count --json', '{ "sessions": 3, "users": 2 }']],
  }).action(
    reporting(() =>
      withSessions(async ({ engine }) => {
        const { sessions, users } = await engine.count();
        return { json: { sessions, users }, lines: [`${counted(sessions, 'live session')} of ${counted(users, 'user')}`] };
      }),
    ),
  );
