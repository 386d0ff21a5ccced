/** Where a file lies, as far as it matters to a database. */
export type FileSystemKind = 'disk' | 'network' | 'memory' | 'container layer';

/** The magic numbers of statfs(2): https://man7.org/linux/man-pages/man2/statfs.2.html */
const KINDS: ReadonlyMap<number, FileSystemKind> = new Map([
  [0x6969, 'network'], // NFS
  [0x517b, 'network'], // SMB
  [0xff534d42, 'network'], // CIFS
  [0xfe534d42, 'network'], // SMB 2
  [0x01021997, 'network'], // 9p
  [0x00c36400, 'network'], // Ceph
  [0x5346414f, 'network'], // AFS
  [0x0bd00bd0, 'network'], // Lustre
  [0x47504653, 'network'], // GPFS
  [0x01161970, 'network'], // GFS2
  [0x7461636f, 'network'], // OCFS2
  [0x01021994, 'memory'], // tmpfs
  [0x858458f6, 'memory'], // ramfs
  [0x794c7630, 'container layer'], // overlayfs
]);

/** Elsewhere than on Linux the numbers mean other things, and none of these: `disk`. */
export const fileSystem = (type: number): FileSystemKind => KINDS.get(type >>> 0) ?? 'disk';
