#!/bin/bash
# Proves the two commands on a machine that has nothing: a fresh Debian 12 in a folder (debootstrap) with only
# Debian's own nodejs, npm and git and an empty npm configuration. Clones the committed state of this
# repository, runs `npm test`, then `npm start`, opens the page, ends the starter and looks for what is left.
#
#   build/bare-machine.sh LOG [BASE.tar]
#
# Needs root, debootstrap and about 4 GB. BASE.tar keeps the bare Debian between runs (made when not there).
# What only this network asks for (certificates, proxy, registry) comes from the machine it runs on, through
# the environment; nothing that helps to build or install does.
set -euo pipefail

# Its mounts are seen by nobody else: if it is killed, no mount of the machine's own files is left in a folder.
if [ -z "${BARE_MACHINE_ALONE:-}" ]; then
  exec env BARE_MACHINE_ALONE=1 unshare --mount --propagation private bash "$0" "$@"
fi

log=$(realpath "${1:?usage: bare-machine.sh LOG [BASE.tar]}")
base=${2:-}
repository=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d /var/tmp/bare-machine.XXXXXX)
root=$work/debian
port=$((20000 + RANDOM % 20000))

exec > >(tee "$log") 2>&1

say() { printf '\n== %s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }

inside_processes() {
  local process
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/root" 2>/dev/null)" = "$root" ] && echo "${process#/proc/}"
  done
  return 0
}

clean_up() {
  local pid
  for pid in $(inside_processes); do kill -9 "$pid" 2>/dev/null || true; done
  for place in dev/pts dev/shm dev proc sys; do umount "$root/$place" 2>/dev/null || true; done
  umount "$root" 2>/dev/null || true
  # A mount that stayed would take the machine's own files with it.
  if ! grep -q " $work/" /proc/mounts; then rm -rf --one-file-system "$work"; fi
}
trap clean_up EXIT

# The environment inside: nothing of the outside but how to reach the network.
passed=()
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -n "${!name:-}" ] && passed+=("$name=${!name}")
done
inside() {
  chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 TERM=dumb \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "${passed[@]}" "$@"
}

say "a bare Debian 12"
mkdir -p "$root"
if [ -n "$base" ] && [ -f "$base" ]; then
  tar -C "$root" -xpf "$base"
else
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" \
    http://deb.debian.org/debian > "$work/debootstrap.log" 2>&1 ||
    { tail -20 "$work/debootstrap.log"; exit 1; }
  rm -f "$root/etc/apt/sources.list"
  cp /etc/apt/sources.list.d/debian.sources "$root/etc/apt/sources.list.d/"
  printf 'Acquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\n' \
    > "$root/etc/apt/apt.conf.d/10-mirror-dates"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
  inside update-ca-certificates > /dev/null 2>&1
  inside apt-get -q update > /dev/null
  inside env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y install --no-install-recommends nodejs npm git > /dev/null
  inside apt-get clean
  if [ -n "$base" ]; then tar -C "$root" -cpf "$base.new" . && mv "$base.new" "$base"; fi
fi
# A root that is a mount of its own, as a machine's is: tests make mounts that only they see.
mount --bind "$root" "$root"
mount --make-private "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" 2>/dev/null ||
  mount --bind /dev/pts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm" 2>/dev/null || true

say "what it has"
inside node --version
inside npm --version
inside git --version
inside sh -c 'cat /etc/debian_version; ls /root/.npmrc /usr/etc/npmrc /etc/npmrc 2>&1 || true'
inside sh -c 'ls /usr/bin/chromium /usr/bin/socat /usr/bin/g++ 2>&1 || true'

say "clone"
git -C "$repository" bundle create -q "$root/root/repository.bundle" HEAD
inside git clone -q /root/repository.bundle /root/settlement-window
inside git -C /root/settlement-window log -1 --format='%h %s'
rm "$root/root/repository.bundle"

in_clone() { inside sh -c 'cd /root/settlement-window && exec "$@"' sh "$@"; }

say "npm test"
started=$SECONDS
code=0
in_clone npm test > "$work/test.log" 2>&1 || code=$?
tail -n 400 "$work/test.log"
say "npm test: exit $code after $((SECONDS - started)) s; last line: $(tail -n 1 "$work/test.log")"
tests_code=$code
left=$(inside_processes)
if [ -n "$left" ]; then
  say "npm test left processes behind"
  for pid in $left; do tr '\0' ' ' < "/proc/$pid/cmdline" || true; echo; done
  exit 1
fi

# Starts the desk, waits for the page, ends the starter with the signal, and looks for what is left.
desk() {
  local signal=$1 pid ready=''
  say "npm start -- --no-open --home /root/desk --port $port, ended by $signal"
  started=$(date +%s%N)
  chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 TERM=dumb \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "${passed[@]}" \
    sh -c "cd /root/settlement-window && exec npm start -- --no-open --home /root/desk --port $port" \
    > "$work/start.out" 2> "$work/start.err" < /dev/null &
  pid=$!
  for _ in $(seq 1 1200); do
    ready=$(grep -m1 '^ready ' "$work/start.out" || true)
    [ -n "$ready" ] && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/start.err"
  grep -v '^ready ' "$work/start.out" || true
  if [ -z "$ready" ]; then say "no ready line"; exit 1; fi
  say "ready after $(( ($(date +%s%N) - started) / 1000000 )) ms: ${ready%%#*}"
  inside node -e '
    fetch(process.argv[1]).then(async (answer) => {
      const html = await answer.text();
      console.log(answer.status, html.length, "bytes", /<title>(.*)<\/title>/.exec(html)?.[1]);
      if (answer.status !== 200 || !html.includes("<script")) process.exit(1);
    });' "http://127.0.0.1:$port/"
  kill -s "$signal" "$pid"
  for _ in $(seq 1 150); do
    [ -z "$(inside_processes)" ] && break
    sleep 0.1
  done
  left=$(inside_processes)
  if [ -n "$left" ]; then
    say "still running after $signal:"
    for pid in $left; do tr '\0' ' ' < "/proc/$pid/cmdline" || true; echo; done
    exit 1
  fi
  say "nothing left running"
}

# npm itself takes its own lines to standard output; only ours may begin with "ready".
desk KILL
desk TERM

say "the command line beside it"
in_clone npm run -s cli -- verify --home /root/desk > "$work/verify.json"
inside node -e 'const v = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log("verify ok:", v.ok); process.exit(v.ok ? 0 : 1)' < "$work/verify.json"

[ "$tests_code" = 0 ] || { say "npm test had failed"; exit 1; }
say "bare machine: all well"
