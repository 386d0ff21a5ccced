import { group } from '../command.ts';
import { count } from './sessions/count.ts';
import { list } from './sessions/list.ts';
import { revoke } from './sessions/revoke.ts';
import { show } from './sessions/show.ts';

export const sessions = () =>
  group('sessions', 'Count, list, show and end sessions.').addCommand(count()).addCommand(list()).addCommand(show()).addCommand(revoke());
