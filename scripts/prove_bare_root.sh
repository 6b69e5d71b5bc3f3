#!/usr/bin/env bash
# Prove the promise of the README: on a bare Debian 12 with Python 3.11, make and git, a clone and one
# command are enough.
#
#   scripts/prove_bare_root.sh ROOT [TARGET...]        (as root; targets default to: demo test)
#
# ROOT is made with debootstrap when it is not there; MIRROR names another Debian mirror than this machine's.
# KEEP=1 goes on in the clone that an earlier run left. What this machine needs to reach its package
# sources (name server, certificates) is carried in; nothing else is.
set -euo pipefail
cd "$(dirname "$0")/.."

root="${1:?say which folder is to be the root}"
shift
targets=("${@:-demo}")
if [ "$#" -eq 0 ]; then targets=(demo test); fi

if [ -z "${SUPERVISE_BARE_INSIDE:-}" ]; then # mounts made here vanish with this process
  exec env SUPERVISE_BARE_INSIDE=1 unshare --mount --propagation private bash "$0" "$root" "${targets[@]}"
fi

mirror() {
  if [ -n "${MIRROR:-}" ]; then printf '%s\n' "$MIRROR"; return; fi
  cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    grep -oE 'https?://[^ ]+' | grep -E '/debian/?$' | grep -v snapshot | head -1
}

if [ ! -x "$root/usr/bin/python3" ]; then
  debootstrap --variant=minbase --include=python3,make,git bookworm "$root" "$(mirror)"
fi
root="$(cd "$root" && pwd)"
cp /etc/resolv.conf "$root/etc/resolv.conf"
certificates="${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}"
carried=()
if [ -f "$certificates" ]; then
  cp "$certificates" "$root/etc/host-certificates.crt"
  carried=(PIP_CERT=/etc/host-certificates.crt SSL_CERT_FILE=/etc/host-certificates.crt)
fi

mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"

inside() { # runs a command in the root, with nothing of this machine's environment
  chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${carried[@]}" "$@"
}

if [ -z "${KEEP:-}" ]; then
  rm -rf "$root/srv/supervise.git" "$root/root/supervise"
  git -c safe.directory='*' clone --quiet --bare --no-hardlinks . "$root/srv/supervise.git"
  inside git clone --quiet /srv/supervise.git /root/supervise
fi
printf '== %s, commit %s\n' "$(inside python3 --version)" "$(inside git -C /root/supervise rev-parse --short HEAD)"
for target in "${targets[@]}"; do
  start=$SECONDS
  inside make --no-print-directory -C /root/supervise "$target"
  printf '== make %s: %s s\n' "$target" "$((SECONDS - start))"
done
