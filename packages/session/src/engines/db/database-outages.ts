import { isDatabaseUnavailable } from '@gatehouse/prisma';
import { recognizeOutages } from '../../storage-unavailable.ts';

// Imported by whatever asks the database, so that an app without one does not load its driver.
recognizeOutages(isDatabaseUnavailable);
