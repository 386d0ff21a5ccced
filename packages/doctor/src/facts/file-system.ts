/** The kind of file system, as far as it matters for a database. */
export type FileSystemKind = 'disk' | 'network' | 'memory' | 'container layer';

/** Magic numbers of statfs(2) on Linux: https://man7.org/linux/man-pages/man2/statfs.2.html */
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

/** Other systems use other numbers, which do not overlap; they count as `disk`. */
export const fileSystem = (type: number): FileSystemKind => KINDS.get(type >>> 0) ?? 'disk';
