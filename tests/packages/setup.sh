#!/usr/bin/env bash
# What the targets of the Makefile install on an empty machine, and that no service of it is started or enabled: with a stand-in for
# apt-get, in a folder that dpkg's own tools take for the machine (DPKG_ROOT).
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A machine without anything that the project needs. What apt-get is asked to install is in $work/asked.
mkdir -p "$work/bin" "$work/empty/run"
for tool in bash dirname id mkdir mv rm cp chmod cat cmp find sort comm sed awk tr flock; do
    ln -s "$(command -v $tool)" "$work/bin/$tool"
done
cat >"$work/bin/apt-get" <<'SH'
#!/bin/bash
[[ " $* " != *" -s "* ]] || { echo "Inst something (1.0)"; exit; }
[ "$1" = install ] || exit 0
[ -z "${APT_FAILS:-}" ] || exit 100
while [[ $1 != [a-z]* || $1 = install ]] || [[ $1 = DPkg::* ]]; do shift; done
printf '%s\n' "$@" >"$ASKED"
[ -e "$DPKG_ROOT/etc/init.d/new" ] || exit 0
# As the scripts of a package do, with a service of both kinds, a timer, and a link that no tool knows of.
"$DPKG_ROOT/usr/sbin/policy-rc.d" new start
echo $? >"$DPKG_ROOT/policy"
export DPKG_MAINTSCRIPT_PACKAGE=new
update-rc.d new defaults >/dev/null 2>&1
deb-systemd-helper enable new.service >/dev/null
deb-systemd-helper enable new.timer >/dev/null
ln -s /lib/systemd/system/getty@.service "$DPKG_ROOT/etc/systemd/system/multi-user.target.wants/getty@tty1.service"
SH
printf '#!/bin/sh\necho 0\n' >"$work/id"
chmod +x "$work/bin/apt-get" "$work/id"
mv -f "$work/id" "$work/bin/id"

asks_for() { # target, packages in the order of tests/lib/deps.sh
    rm -f "$work/asked"
    DPKG_ROOT=$work/empty PATH=$work/bin ASKED=$work/asked tests/lib/deps.sh "$1" >"$work/log" || return
    [ "$(tr '\n' ' ' <"$work/asked")" = "$2 " ] || { cat "$work/log" "$work/asked"; return 1; }
}

asks_for_nothing() { # target
    rm -f "$work/asked"
    NO_INSTALL=1 DPKG_ROOT=$work/empty PATH=$work/bin ASKED=$work/asked tests/lib/deps.sh "$1" >"$work/log" && [ ! -e "$work/asked" ] && [ ! -s "$work/log" ]
}

unit() { # name, section of its installation
    printf '[Unit]\nDescription=%s\n[Install]\n%s\n' "$1" "$2" >"$machine/lib/systemd/system/$1"
}

# With a service that runs at boot already, and one that comes.
machine=$work/machine
new_machine() {
    rm -rf "$machine"
    mkdir -p "$machine"/{etc/init.d,etc/systemd/system,lib/systemd/system,usr/sbin,run,var/lib/systemd} "$machine"/etc/rc{0,1,2,3,4,5,6,S}.d
    local name
    for name in old new; do
        printf '#!/bin/sh\n### BEGIN INIT INFO\n# Provides: %s\n# Required-Start:\n# Required-Stop:\n# Default-Start: 2 3 4 5\n# Default-Stop: 0 1 6\n### END INIT INFO\n' \
            "$name" >"$machine/etc/init.d/$name"
        chmod +x "$machine/etc/init.d/$name"
        unit "$name.service" 'WantedBy=multi-user.target'
    done
    unit new.timer 'WantedBy=timers.target'
    export DPKG_ROOT=$machine
    update-rc.d old defaults && DPKG_MAINTSCRIPT_PACKAGE=old deb-systemd-helper enable old.service >/dev/null
}

enabled() {
    (cd "$machine" && find etc/rc*.d etc/systemd -name 'S*' -o -type l -path '*systemd*' | sort)
}

installs() {
    PATH=$work/bin:$PATH ASKED=$work/asked tests/lib/apt.sh something >"$work/log" 2>&1 && grep -qx 'deps: installing something ' "$work/log"
}

services_are_the_same() {
    enabled >"$work/before" && [ "$(wc -l <"$work/before")" = 5 ] && installs && enabled | diff "$work/before" - || { cat "$work/log"; return 1; }
}

# The stand-in for apt-get does enable what comes.
control() {
    cp "$work/policy" "$machine/usr/sbin/policy-rc.d" && PATH=$work/bin:$PATH ASKED=$work/asked apt-get install new &&
        ! enabled | diff -q "$work/before" - >/dev/null
}

starts_were_denied() {
    [ "$(cat "$machine/policy")" = 101 ]
}

stays_disabled() { # when the package is upgraded
    update-rc.d new defaults && ! DPKG_MAINTSCRIPT_PACKAGE=new deb-systemd-helper --quiet was-enabled new.service &&
        enabled | diff "$work/before" -
}

is_back() { # the machine's own policy
    cmp "$work/policy" "$machine/usr/sbin/policy-rc.d" && [ "$(ls "$machine/usr/sbin")" = policy-rc.d ]
}

ok 'make demo: PHP and Python, no servers' asks_for demo 'php-cli python3'
ok 'make dist: Python and zip' asks_for dist 'python3 python3-venv python3-dev zip'
ok 'make fuzz: no servers' asks_for fuzz 'php-cli python3 binutils clang libclang-rt-dev llvm'
ok 'make site: Doxygen and parsers, no servers' asks_for site 'php-cli python3 python3-venv doxygen php-parser php-phpstan-phpdoc-parser'
for target in demo test trust fuzz bench dist site; do
    ok "NO_INSTALL=1: nothing is installed for $target" asks_for_nothing "$target"
done
if has deb-systemd-helper && has update-rc.d; then
    printf '#!/bin/sh\nexit 104\n' >"$work/policy" && chmod +x "$work/policy"
    ok 'a machine with a service' new_machine
    ok 'the enabled services are the same before and after' services_are_the_same
    ok 'nothing was to be started' starts_were_denied
    ok 'an upgrade leaves it disabled' stays_disabled
    ok 'no policy is left behind' [ ! -e "$machine/usr/sbin/policy-rc.d" ]
    sed -n '/^denial/,/^}/p' tests/lib/apt.sh >"$work/denial" && bash -c ". $work/denial && denial" >"$machine/usr/sbin/policy-rc.d"
    installs
    ok 'nor one of a run that was killed' [ ! -e "$machine/usr/sbin/policy-rc.d" ]
    ok 'a machine with a policy of its own' new_machine
    cp "$work/policy" "$machine/usr/sbin/policy-rc.d"
    ok 'the enabled services are the same before and after' services_are_the_same
    ok 'nothing was to be started' starts_were_denied
    ok 'its policy is there again' is_back
    APT_FAILS=1 installs
    ok 'also where apt-get fails' is_back
    ok 'control: a machine' new_machine
    ok 'control: what is installed by apt-get alone is enabled' control
else
    missing 'update-rc.d and deb-systemd-helper are not installed'
fi
[ "$failures" = 0 ]
