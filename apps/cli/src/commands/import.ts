import { group } from '../command.ts';
import { django } from './import/django.ts';

export const importGroup = () => group('import', 'Bring users and sessions from another framework.').addCommand(django());
