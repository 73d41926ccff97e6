/** The disks of a Linux computer, from /proc/self/mountinfo (proc_pid_mountinfo(5)). */

export interface Mount {
  mount: string;
  kind: string;
  /** The whole file system is read-only, though its kind is usually written to. */
  readOnly: boolean;
}

/** Written to in daily use: read-only is a fault there. */
export const writableKinds: ReadonlySet<string> = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'zfs',
  'f2fs',
  'jfs',
  'reiserfs',
  'bcachefs',
  'nilfs2',
]);
/** On a disk of this computer, so that asking it cannot hang on a network. */
const local = new Set([...writableKinds, 'vfat', 'exfat', 'ntfs', 'ntfs3', 'hfsplus', 'ufs']);
/** Over a network or a program: asking may hang for ever. */
const remote = /^(nfs4?|cifs|smb3|smbfs|afs|9p|ceph|glusterfs|lustre|fuse\..*|fuseblk|fuse|sshfs|davfs|virtiofs|ocfs2|gfs2)$/;

/** The kernel writes space, tab, line feed and backslash as octal. */
export const readOctal = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/**
 * Reads mountinfo: one entry per file system (bind mounts of the same one count once, under the shortest path). The overlay of
 * a container counts only as its root.
 */
export function mountsOf(mountinfo: string): { local: Mount[]; skipped: string[] } {
  const byDevice = new Map<string, Mount>();
  const skipped = new Set<string>();
  for (const line of mountinfo.split('\n')) {
    const dash = line.indexOf(' - ');
    if (dash < 0) continue;
    const [, , device, , path] = line.slice(0, dash).split(' ');
    const [kind, , options] = line.slice(dash + 3).split(' ');
    if (device === undefined || path === undefined || kind === undefined) continue;
    const mount = readOctal(path);
    if (remote.test(kind)) skipped.add(mount);
    if (!local.has(kind) && !(kind === 'overlay' && mount === '/')) continue;
    const known = byDevice.get(device);
    if (known && known.mount.length <= mount.length) continue;
    // The last field is about the file system itself: a read-only bind mount of a healthy disk is no fault.
    const readOnly = writableKinds.has(kind) && (options ?? '').split(',').includes('ro');
    byDevice.set(device, { mount, kind, readOnly });
  }
  return { local: [...byDevice.values()], skipped: [...skipped] };
}
