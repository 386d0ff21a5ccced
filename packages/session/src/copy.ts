// Copying sessions from one storage to another: `@gatehouse/session/copy`.
export { CopyRunningError, copySessions, EmptySourceError, type CopyCounts, type CopyOptions } from './copy/copy-sessions.ts';
export type { CopyStorage } from './copy/copy-storage.ts';
export { openCopyStorage } from './copy/open-copy-storage.ts';
export { NewerFormatError } from './engines/record-format.ts';
