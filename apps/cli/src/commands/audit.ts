import { group } from '../command.ts';
import { list } from './audit/list.ts';
import { purge } from './audit/purge.ts';

export const audit = () =>
  group('audit', 'Read the audit trail, and remove what is older than it is kept for.').addCommand(list()).addCommand(purge());
