# What the tests of other platforms share. Sourced behind tests/lib/lib.sh.
work=$PWD/target/platforms
mkdir -p "$work"

# Something cannot be fetched here: said aloud, and never a failure.
cannot_be_had() { # what
    echo "SKIP: $1"
    [ "$failures" = 0 ]
    exit
}

# A Debian 13 whose packages are unpacked and not configured, which takes ten seconds and runs nothing of it.
unpacked_debian() { # folder, architecture, packages
    local root=$1 packages
    packages=$(IFS=,; echo "${*:3}")
    [ "$(cat "$root/packages" 2>/dev/null)" = "$packages" ] && return
    rm -rf "$root"
    timeout 120 mmdebstrap --quiet --arch="$2" --variant=extract --skip=check/qemu --aptopt='Apt::Install-Recommends "false"' \
        --include="$packages" trixie "$root" >"$root.log" 2>&1 || { tail -n 3 "$root.log"; rm -rf "$root"; return 1; }
    # PHP's own settings are made when it is configured: the extensions are named here.
    mkdir -p "$root/etc/php/8.4/cli/conf.d"
    find "$root/usr/share" -path '*/php8.4-*/*.ini' -exec cp {} "$root/etc/php/8.4/cli/conf.d" \;
    [ -e "$root/lib" ] || ln -s usr/lib "$root/lib"
    echo "$packages" >"$root/packages"
}

the_command() { # how it is started
    local answer
    answer=$(APISIG_SECRET=secret "$@" diagnose retailcrm --api-key api_key \
        --token a6323d39441a8431100c237db614d47d801d68ed64d18902b76ef1bd8995fd82)
    [[ $answer == 'Secret and message are swapped.'* ]] || { echo "$answer"; return 1; }
}

# What tests/php needs of Debian, and tests/python beside .venv. A PHP package that is missing here would be loaded from the host.
mapfile -t libraries < <(awk '{ print "php-" $1 }' tests/lib/php_libraries.txt)
RUNTIMES=(libc6 libgcc-s1 php8.4-cli php8.4-mbstring php8.4-xml php8.4-curl php8.4-zip phpunit "${libraries[@]}"
    php-graham-campbell-result-type python3.13 musl)
