import { isDatabaseUnavailable } from '@gatehouse/prisma';
import { recognizeOutages } from '../../storage-unavailable.ts';

// Imported by the modules that use the database, so that an app without one does not load its driver.
recognizeOutages(isDatabaseUnavailable);
