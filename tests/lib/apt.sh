#!/usr/bin/env bash
# Installs Debian packages, as root, and leaves the services of the machine as they are: none that comes with them is started, now or
# when the machine boots. Called by tests/lib/deps.sh. Usage: apt.sh PACKAGE...
set -u
root=${DPKG_ROOT:-}
policy=$root/usr/sbin/policy-rc.d
kept=$policy.before-apisig
options=(-y -qq --no-install-recommends --no-remove -o DPkg::Lock::Timeout=600)
export DEBIAN_FRONTEND=noninteractive

denial() {
    printf '#!/bin/sh\n# Of apisig: nothing is started while its packages are installed.\nexit 101\n'
}

# While it answers 101, the packages' scripts start nothing.
deny_starts() {
    mkdir -p "${policy%/*}"
    # What is kept already was left behind by a run that was killed.
    # One of our own was left behind too.
    if [ -e "$policy" ] && [ ! -e "$kept" ] && ! denial | cmp -s - "$policy"; then mv "$policy" "$kept"; fi
    denial >"$policy" && chmod 755 "$policy"
}

restore_policy() {
    if [ -e "$kept" ]; then mv -f "$kept" "$policy"; else rm -f "$policy"; fi
}

# What starts at boot, a link each: of sysvinit and of systemd.
enabled() {
    find "$root"/etc/rc[S2-5].d "$root"/etc/systemd/system/*.{wants,requires} -name 'S[0-9]*' -o -path '*/systemd/*' -type l 2>/dev/null |
        LC_ALL=C sort
}

newly_enabled() {
    comm -13 <(echo "$before") <(enabled)
}

# As `update-rc.d NAME disable` does, and by the tool that packages enable units with: an upgrade leaves it disabled. What systemd
# enables itself when it is installed has only its link.
disable() { # link
    local name=${1##*/}
    case $1 in
        */rc?.d/*) mv "$1" "${1%/*}/K${name:1}" ;;
        *) DPKG_MAINTSCRIPT_PACKAGE=apisig deb-systemd-helper disable "$name" >/dev/null 2>&1 && rm -f "$1" ;;
    esac
}

# All at once; where one cannot be had, each by itself.
install_packages() { # packages
    local package
    apt-get install "${options[@]}" "$@" >/dev/null && return
    for package in "$@"; do
        apt-get install "${options[@]}" "$package" >/dev/null ||
            echo "deps: apt-get failed; what needs this package is skipped: $package"
    done
}

exec 9>"$root/run/apisig-packages.lock" && flock 9
before=$(enabled)
trap restore_policy EXIT
trap 'exit 130' INT TERM
deny_starts
apt-get update -qq
all=$(apt-get install -s "${options[@]}" "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\).*/\1/p' | tr '\n' ' ')
echo "deps: installing ${all:-$*}"
install_packages "$@"
while read -r link; do
    [ -n "$link" ] && disable "$link"
done < <(newly_enabled)
[ -z "$(newly_enabled)" ] || { echo 'deps: these now start at boot:' && newly_enabled; }
