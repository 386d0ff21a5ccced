export { sampleSession, sampleUser } from './sample-rows.ts';
export { temporaryDatabase, temporaryFolder } from './temporary-database.ts';
