/** What runs on a machine, by bash or sh: texts and the paths that they share. */

export const APP_FILE = '/opt/relais/app.cjs';
export const APP_ENV_FILE = '/etc/relais/app.env';
export const APP_LOG = '/var/log/relais-app.log';
export const APP_UNIT = 'relais-app.service';

/**
 * Tells on stderr who the machine is and how long its log is, reads from stdin where to go on,
 * then gives the log on stdout as it grows and, on stderr, a line for each look at the app: its
 * pid (0: none) and whether port $1 (hexadecimal) is listened on. `read -t` waits without a
 * program; an emulated machine would be busy starting one for each look. It ends with its stdin.
 */
export const WATCH: string = `
log=${APP_LOG}
[ -e "$log" ] || : > "$log"
echo "hello $(cat /etc/machine-id) $(stat -c %s "$log")" >&2
read -r from || exit 0
tail -c +"$from" -F "$log" 2>/dev/null &
tail=$!
trap 'kill $tail 2>/dev/null' EXIT
trap exit HUP TERM
look() {
  pid=0
  for tree in '' /systemd /unified /pids; do
    file=/sys/fs/cgroup$tree/system.slice/${APP_UNIT}/cgroup.procs
    [ -e "$file" ] || continue
    { read -r pid < "$file"; } 2>/dev/null || pid=0
    break
  done
  while read -r kind _ sockets _; do [ "$kind" != TCP: ] || break; done < /proc/net/sockstat
  # The table takes the kernel milliseconds, however empty it is.
  if [ "$listens" = 0 ] || [ "$pid $sockets" != "$known" ]; then
    known="$pid $sockets" listens=0
    while read -r _ local _ state _; do
      case "$state$local" in 0A*:$1) listens=1; break;; esac
    done < /proc/net/tcp
  fi
}
was=0 listens=0
while :; do
  look "$1"
  # Its last words come first: the log has one look's time to get ahead.
  if [ "$pid" = 0 ] && [ "$was" != 0 ]; then was=0; else was=$pid; echo "app \${pid:-0} $listens" >&2; fi
  read -r -t "$2" _
  [ $? -gt 128 ] || exit 0 # not a time-out: the end of stdin
done
`;

/** Prints the checksum of the app that is there, of its variables, and whether it is active. */
export const TELL: string = `
sha256sum < ${APP_FILE} 2>/dev/null || echo none
sha256sum < ${APP_ENV_FILE} 2>/dev/null || echo none
systemctl is-active ${APP_UNIT} || true
`;

/** stdin becomes the file $1, in one move. */
export const PUT = `
set -e
mkdir -p "$(dirname "$1")"
cat > "$1.new"
chmod 644 "$1.new"
mv "$1.new" "$1"
`;
