/**
 * What is run on a server that is looked at from inside: fixed text for `sh -s`, one script per channel, so that one that hangs does not
 * take the others along. Only reads, writes no file, needs no rights. Works with dash, bash and busybox.
 *
 * `run name seconds command…` prints "@@name", at most 16 kB of what the command says, and "@=" with its exit code (137: ended at its
 * time). KILL, as a program that waits for a dead disk hears nothing else; timeout(1) ends its children too.
 */

const head = `LC_ALL=C; export LC_ALL; PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
run() { n=$1; l=$2; shift 2; echo; echo "@@$n"; { timeout -s KILL "$l" "$@" 2>/dev/null </dev/null; r=$?; echo; echo "@=$r"; } | head -c 16384; }
`;
/** A whole list is read before anything runs, so that nothing reads the script's own text. */
const script = (lines: string): string => `${head}{\n${lines}\necho; echo "@@end"\n} </dev/null\nexit 0\n`;

/** Paths pass these signs only, so that quoting them is enough: see `pathSetting` and `patternSetting`. */
const harmless = /^\/[A-Za-z0-9._/@+,=:%*?-]{0,299}$/;
/** Throws on a path that the settings should have refused. */
function quoted(path: string): string {
  if (!harmless.test(path)) throw new Error('a path with signs that are not allowed');
  return `'${path}'`;
}
const withPaths = (text: string, paths: readonly string[]): string => `set -- ${paths.map(quoted).join(' ')}\n${text}`;

/** /proc and /sys: nothing here can hang for long. */
export const coreScript = script(`run cores 2 getconf _NPROCESSORS_ONLN
run load 2 cat /proc/loadavg
run memory 2 grep -E '^(MemTotal|MemAvailable|SwapTotal|SwapFree):' /proc/meminfo
run uptime 2 cat /proc/uptime
run boot 2 cat /proc/sys/kernel/random/boot_id
run ecc 3 grep -H -s '' /sys/devices/system/edac/mc/mc*/ce_count /sys/devices/system/edac/mc/mc*/ue_count
run mce 2 grep -E '^ *MCE:' /proc/interrupts
run zones 3 grep -H -s '' /sys/class/thermal/thermal_zone*/type /sys/class/thermal/thermal_zone*/temp
run sensors 4 grep -H -s '' /sys/class/hwmon/hwmon*/name /sys/class/hwmon/hwmon*/temp*_label /sys/class/hwmon/hwmon*/temp*_input`);

/** Local file systems only: df -l does not touch the others. What containers mount for themselves is left out, as there can be thousands. */
export const disksScript =
  script(`run mounts 2 grep -v -E ' - (proc|sysfs|cgroup2?|devpts|mqueue|nsfs|securityfs|pstore|bpf|tracefs|debugfs|fusectl|configfs|autofs|binfmt_misc) | /(run|var/lib/(docker|containerd|containers|kubelet|lxcfs))/[^ ]* ' /proc/self/mountinfo
run fstab 2 cat /etc/fstab
run df 3 df -P -l -k
run dfi 3 df -P -l -i`);

/**
 * Network file systems, each asked in the background: "@w <number> <kind> <mount
 * point>" says that it is asked, "@n <number> <exit code> <blocks> <free> <available> <block size> <files> <free>" is its answer. One that hangs prints nothing. Where questions of earlier probes still hang, no more are asked.
 */
export const networkScript = script(String.raw`echo "@@network"
c=$(timeout -s KILL 2 ps -u "$(id -u)" -o comm= 2>/dev/null | grep -c '^stat$')
i=0
while read -r d m k o; do
  case $k in nfs|nfs4|cifs|smb3|ceph|glusterfs|fuse.sshfs|fuse.glusterfs|lustre|9p) ;; *) continue ;; esac
  i=$((i+1)); [ "$i" -le 30 ] || { echo "@more"; break; }
  printf '@w %s %s %s\n' "$i" "$k" "$m"
  [ "$c" -lt 20 ] || continue
  ( p=$(printf '%b' "$(printf '%s' "$m" | sed 's/\\\([0-7]\)/\\0\1/g')")
    r=$(timeout -s KILL 2 stat -f -c '%b %f %a %S %c %d' -- "$p" 2>/dev/null)
    echo "@n $i $? $r" ) &
done </proc/self/mounts
wait`);

export const raidScript = script(`run mdstat 2 cat /proc/mdstat
command -v zpool >/dev/null && run zpool 4 zpool status -x`);

/** A command with its exit code; and after how many seconds at most, the last lines of a queue's list as people read it (Postfix, Sendmail, Exim). */
const queueParts = `queue() { "$@" 2>/dev/null; r=$?; echo; echo "@=$r"; }
summary() { echo "@@summary"; queue timeout -s KILL "$@" | tail -n 3; }`;

/** The mail queue is counted on the server: it can be long. */
export const servicesScript =
  script(String.raw`command -v systemctl >/dev/null && run units 2 systemctl --failed --no-legend --plain --no-pager
${queueParts}
if command -v postqueue >/dev/null; then
  q=$(queue timeout -s KILL 3 postqueue -j | head -n 100002 | awk '/^@=/ { print; next } /^[{]/ { n++ } END { print "n " n+0 }')
  echo "@@queue"; printf '%s\n' "$q"
  case $q in *"@=0"*) ;; *) summary 2 postqueue -p ;; esac
elif command -v mailq >/dev/null; then
  summary 5 mailq
fi`);

/**
 * The whole list of a mail queue: "@t <seconds>", then "@@queue" with the lines of "postqueue -j" and "@=" with its exit code; where that is
 * 69 (it knows no -j, or cannot) a summary and what it said. All of it packed where the server can, as a long queue has 500 bytes a message.
 * @param seconds that it may take @param configDir folder of main.cf, where it is not the usual one
 */
export function queueScript(seconds: number, configDir: string | undefined): string {
  const text = script(`${queueParts}
list() {
  echo "@t $(date +%s)"
  if command -v postqueue >/dev/null; then
    echo "@@queue"; timeout -s KILL ${Math.max(1, Math.floor(seconds))} postqueue "$@" -j 2>/dev/null; r=$?; echo; echo "@=$r"
    if [ "$r" -eq 69 ]; then
      summary 5 postqueue "$@" -p
      echo "@@said"; timeout -s KILL 2 postqueue "$@" -j 2>&1 >/dev/null </dev/null | head -c 300; echo
    fi
  elif command -v mailq >/dev/null; then summary 5 mailq
  else echo "@@queue"; echo "@=127"
  fi
}
if command -v gzip >/dev/null; then list "$@" | gzip -1; exit 0; fi
list "$@"`);
  return configDir === undefined ? text : `set -- -c ${quoted(configDir)}\n${text}`;
}

/** How old files are: "@m <number> <seconds> <bytes>", or "@m <number> gone", or "@m <number> hidden" where nobody could see it. */
const ageScript = script(`echo "@@markers"; echo "@t $(date +%s)"
i=0
for p in "$@"; do
  i=$((i+1))
  timeout -s KILL 2 sh -c '
    r=$(stat -L -c "%Y %s" -- "$1" 2>/dev/null) && { echo "@m $2 $r"; exit; }
    d=$(dirname -- "$1"); while [ ! -e "$d" ] && [ "$d" != / ]; do d=$(dirname -- "$d"); done
    if [ -x "$d" ]; then echo "@m $2 gone"; else echo "@m $2 hidden"; fi' sh "$p" "$i" </dev/null
done`);

/**
 * The newest files of patterns: "@b <number>", then "<seconds> <bytes> <mode in hex> <name>", newest first, 60 at most; "@gone" or
 * "@hidden" where nothing was found; "@c <files found>", "@r <exit code>". Given are pairs of a pattern and the folder before its first wildcard.
 */
const listScript = script(String.raw`echo "@@files"; echo "@t $(date +%s)"
i=0
while [ $# -ge 2 ]; do
  i=$((i+1)); echo; echo "@b $i"
  timeout -s KILL 8 sh -c '
    IFS=; l=$(printf "%s\0" $1 | xargs -0 stat -L -c "%Y %s %f %n" -- 2>/dev/null | sort -rn | awk "NR <= 60 { print substr(\$0, 1, 500) } END { print \"@c \" NR }")
    printf "%s\n" "$l"
    case $l in
      "@c 0") d=$2; while [ ! -e "$d" ] && [ "$d" != / ]; do d=$(dirname -- "$d"); done
        if [ -x "$d" ] && { [ "$d" != "$2" ] || [ -r "$d" ]; }; then echo "@gone"; else echo "@hidden"; fi ;;
    esac' sh "$1" "$2" </dev/null
  echo "@r $?"
  shift 2
done`);

export const markersScript = (paths: readonly string[]): string => withPaths(ageScript, paths);

/** The folder before the first wildcard of a pattern. */
export const folderOf = (pattern: string): string => {
  const fixed = /^[^*?]*/.exec(pattern)?.[0] ?? '';
  return fixed.slice(0, fixed.lastIndexOf('/')) || '/';
};
export const filesScript = (patterns: readonly string[]): string =>
  withPaths(
    listScript,
    patterns.flatMap((it) => [it, folderOf(it)]),
  );
