#!/usr/bin/env bash
# Uses the apisig command as a person and a script do: what it prints, its exit status, where it takes a secret from.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/lib/says.sh
apisig=$PWD/${APISIG_COMMAND:-target/cli/apisig}
work=target/tests/cli
mkdir -p "$work"
export APISIG_SECRET=fb50586ff7b68cd831fe0ef356345903f644c0d2
url=https://amojo.kommo.com/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect
body='{"account_id":"52fd2a28-d2eb-4bd8-b862-b57934927b38","title":"MyKommo","hook_api_version":"v2"}'
date='Wed, 23 Nov 2022 19:25:21 +0000'
# What is signed and verified: the vendors, and what else of theirs is checked.
mapfile -t kinds < <("$apisig" verify --help | awk '/^Commands:/ { is_list = 1; next } !NF { is_list = 0 } is_list && /^  [a-z]/ && $1 != "help" { print $1 }')

verify_kommo() { # signature
    "$apisig" verify kommo --url "$url" --body "$body" --now 1669231600 -H "Date: $date" -H 'content-type: application/json' \
        -H 'Content-MD5: a3c0e73dc69f8cf3941418999fd019da' -H "X-Signature: $1"
}

# The pipe is closed or the disk is full: 2, and never an abort.
where_nobody_reads() { # words of the command
    local closed='import os, subprocess, sys; r, w = os.pipe(); os.close(r); sys.exit(subprocess.run(sys.argv[1:], stdout=w).returncode % 256)'
    "$PYTHON" -c "$closed" "$apisig" "$@" 2>"$work/error"
    [ $? = 2 ] || { cat "$work/error"; return 1; }
    "$apisig" "$@" >/dev/full 2>"$work/error"
    [ $? = 2 ] || { cat "$work/error"; return 1; }
}

# As with >/dev/null, the exit status is the answer.
with_its_output_closed() {
    "$apisig" verify kommo --url /x >&-
    [ $? = 1 ] || return
    "$apisig" sign kommo --url /x >&- 2>&-
    [ $? = 0 ]
}

wrong_use_that_nobody_hears() {
    "$apisig" sign kommo 2>/dev/full
    [ $? = 2 ] || return
    "$apisig" sign kommo --url x 2>/dev/full
    [ $? = 2 ]
}

is_vendor_a_kind() {
    local vendor
    for vendor in "${VENDORS[@]}"; do [[ " ${kinds[*]} " == *" $vendor "* ]] || return; done
}

subcommands() {
    local verb vendor
    for verb in sign verify explain diagnose; do
        for vendor in "${kinds[@]}"; do echo "$verb $vendor"; done
    done
    printf '%s\n' 'mor hash' read diff man completions
}

runs_its_example() { # words of a subcommand
    local example status
    example=$("$apisig" "$@" --help | sed '1,/^Example:$/d')
    [ -n "$example" ] || return
    (cd "$work/examples" && env -u APISIG_SECRET PATH="${apisig%/*}:$PATH" sh -c "$example") >"$work/output" 2>&1
    status=$?
    [ $status -le 1 ] || { printf '%s\n' "$example"; cat "$work/output"; return 1; }
}

has_a_page_for_each_subcommand() {
    rm -rf "$work/man"
    "$apisig" man "$work/man/man1" || return
    local words page
    while read -r words; do
        page=$work/man/man1/apisig-${words// /-}.1
        grep -q '^\.TH apisig' "$page" && grep -q '^Example:' "$page" || { echo "$page"; return 1; }
    done < <(subcommands)
    grep -q '^\.TH apisig 1' "$work/man/man1/apisig.1" && [ -f "$work/man/man1/apisig-sign.1" ]
}

fits_80_columns() {
    local vendor verb
    for verb in sign verify explain diagnose; do
        for vendor in "${kinds[@]}"; do
            "$apisig" "$verb" "$vendor" --help || return
        done
    done >"$work/help"
    "$apisig" read --help >>"$work/help"
    ! grep -nE '^.{81}' "$work/help"
}

secret_on_the_command_line() {
    ! "$apisig" sign mor --help | grep -qE -- '--secret[ =]'
}

ok 'there are kinds to check, of every vendor' is_vendor_a_kind
ok 'sign' says 0 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c' "$apisig" sign kommo --url "$url" --body "$body" --now 1669231521
ok 'sign, as JSON' says 0 '"X-Signature":"865fe065129ef6c0240decadbd674d29919ef91c"' \
    "$apisig" --json sign kommo --url "$url" --body "$body" --now 1669231521
if has curl; then ok 'each curl command sends what was signed' "$PYTHON" tests/packages/cli_curl.py "$apisig"; else missing 'curl is not installed'; fi
ok 'verify: 0 if valid' prints 0 'Valid.' verify_kommo 865fe065129ef6c0240decadbd674d29919ef91c
ok 'verify: 1 if it does not' says 1 'The signature is missing, or not the one' verify_kommo 965fe065129ef6c0240decadbd674d29919ef91c
ok 'a hash without its method is wrong use' says 2 'method is required' "$apisig" sign mor --form a=1
ok 'wrong use is 2' says 2 'required' "$apisig" verify kommo
ok 'a secret that is not there is 2' says 2 'no secret' env -u APISIG_SECRET "$apisig" sign retailcrm --api-key x

# A request is checked at its own time, unless another is given.
headers=(-H "Date: $date" -H 'Content-Type: application/json' -H 'Content-MD5: a3c0e73dc69f8cf3941418999fd019da' \
    -H 'X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c')
request=(kommo --url "$url" --body "$body" "${headers[@]}")
stale='note: checked at its own time; by the clock its Date is too old'
ok 'an old request is right at its own time' prints 0 "Valid.
$stale" "$apisig" verify "${request[@]}"
ok 'likewise in a diagnosis' prints 0 "Nothing is wrong.
$stale" "$apisig" diagnose "${request[@]}"
ok 'likewise in JSON' says 0 '"notes":["checked at its own time' "$apisig" --json diagnose "${request[@]}"
for now in 1669235000 2022-11-23T20:23:20Z '[23/Nov/2022:22:23:20 +0200]'; do
    ok "at $now it is too old" says 1 'too old' "$apisig" verify "${request[@]}" --now "$now"
    ok "likewise in a diagnosis" says 1 'Date is too old' "$apisig" diagnose "${request[@]}" --now "$now"
done
for now in 1669231600 2022-11-23T19:26:40Z 23/Nov/2022:19:26:40\ +0000; do
    ok "at $now it is valid" prints 0 'Valid.' "$apisig" verify "${request[@]}" --now "$now"
done
ok 'another time is wrong use' says 2 'a time is written as' "$apisig" verify "${request[@]}" --now yesterday
future='Date: Fri, 01 Jan 2100 00:00:00 +0000'
ok 'a request of the future is a note, too' says 0 'by the clock its Date is in the future' "$apisig" verify kommo --url /x --body '' \
    -H "$future" -H 'Content-MD5: d41d8cd98f00b204e9800998ecf8427e' -H 'X-Signature: a2c4cb6d89cd6108c21d3b1ba0e2c273b93eeb7d'

# Two mistakes at once, a space behind the secret and a line feed behind the API key; and a hint at the form.
two=(retailcrm --api-key key --token 05be49993fef8abb8921d8e027b7a50758fa0bf6364417c497643c135a314cb3)
ok 'two mistakes are named, a line each' says 1 'white space around it. Trim what was copied.
One of the two API keys' env APISIG_SECRET=secret "$apisig" diagnose "${two[@]}"
ok 'likewise in JSON' says 1 '"mistake":"SECRET_SPACE","mistakes":["SECRET_SPACE","API_KEY_SPACE"]' \
    env APISIG_SECRET=secret "$apisig" --json diagnose "${two[@]}"
ok 'without a secret the form is told' says 1 "Content-MD5 is the body's, and the form is right: secret or lines are wrong." \
    env -u APISIG_SECRET "$apisig" diagnose "${request[@]}" --now 1669231821
ok 'but where it shows nothing one is needed' says 2 'no secret' env -u APISIG_SECRET "$apisig" diagnose retailcrm --api-key x --token x
ok 'what the form shows is a hint' says 1 'hint: The signature has as many bytes as a SHA-1' \
    env APISIG_SECRET=secret "$apisig" diagnose retailcrm --api-key key --token a9993e364706816aba3e25717850c26c9cd0d89d

# A body that is not given is not an empty one.
request=(kommo --url "$url" "${headers[@]}" --now 1669231600)
unknown='note: no body was given; Content-MD5 was not checked'
ok 'without a body, its MD5 is not checked' prints 0 "Valid.
$unknown" "$apisig" verify "${request[@]}"
ok 'likewise in a diagnosis' prints 0 "Nothing is wrong.
$unknown" "$apisig" diagnose "${request[@]}"
ok 'likewise in an explanation' says 0 "$unknown" "$apisig" explain "${request[@]:0:${#request[@]}-2}"
ok 'an empty body is another' says 1 'Content-MD5 is not the MD5 of this body' "$apisig" verify "${request[@]}" --body ''
ok 'likewise in a diagnosis' says 1 'is not the MD5 of this body' "$apisig" diagnose "${request[@]}" --body ''
ok 'likewise in an explanation' says 0 'warning: Content-MD5 is not' "$apisig" explain "${request[@]}" --body ''

ok 'a path that clients rewrite is not signed' says 2 'percent-encode the path as it is sent' "$apisig" sign kommo --url /чат/
ok 'what cannot be seen is escaped' says 0 '/a\xc2\xad\xe3\x85\xa4\xf3\xa0\x80\xa0' "$apisig" explain kommo \
    -H 'Date: x' --url $'/a\u00ad\u3164\U000e0020' --body ''

# Kayako's signature, decoded or as it is in a URL.
signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0
kayako=(env APISIG_SECRET=secretkey "$apisig")
for verb in verify diagnose; do
    ok "$verb: a decoded signature" says 0 'note: the signature was read as decoded' "${kayako[@]}" $verb kayako --salt 1234567890 --signature $signature=
    ok "$verb: a signature from a URL" says 0 'note: the signature was read as it is in a URL' "${kayako[@]}" $verb kayako --salt 1234567890 \
        --signature $signature%3D
    for query in "apikey=k&salt=1234567890&signature=$signature%3D" "?apikey=k&salt=1234567890&signature=$signature%3d" \
        "https://h/api/index.php?e=/Base/User&apikey=k&salt=1234567890&signature=$signature%3D#x"; do
        ok "$verb: $query" says 0 '' "${kayako[@]}" $verb kayako --query "$query"
    done
    ok "$verb: the salt is decoded, too" says 0 '' "${kayako[@]}" $verb kayako --query \
        'apikey=k&salt=a+b%2Bc&signature=MzccMhvmd9jEDU%2BJ9FGBHwTujYOWU9POD4zdhAIPby0='
    ok "$verb: a doubled field" says 1 'cannot be read' "${kayako[@]}" $verb kayako --query "salt=1&salt=2&signature=$signature%3D"
done
other=(kayako --api-key z --query "apikey=k&salt=1234567890&signature=$signature%3D")
ok 'verify: another API key' says 1 'missing, or not the one' "${kayako[@]}" verify "${other[@]}"
ok 'diagnose: another API key' says 1 'The API key that was sent is another one' "${kayako[@]}" diagnose "${other[@]}"
ok 'likewise, of a right signature' says 1 'hint: The signature is right' "${kayako[@]}" diagnose "${other[@]}"
ok 'an API key that is missing' says 1 'The API key is missing, ' "${kayako[@]}" diagnose kayako --query "salt=1234567890&signature=$signature%3D"
ok 'likewise, though one is given' says 1 'The API key is missing, ' "${kayako[@]}" diagnose kayako --api-key z \
    --query "apiKey=k&salt=1234567890&signature=$signature%3D"
ok 'a query that is escaped for HTML' says 1 'note: the query is escaped for HTML' "${kayako[@]}" diagnose kayako \
    --query "apikey=k&amp;salt=1234567890&amp;signature=$signature%3D"
ok 'a signature that was encoded twice' says 1 'URL-encoded twice' "${kayako[@]}" diagnose kayako --salt 1234567890 --signature $signature%253D
ok 'likewise in a query' says 1 'URL-encoded twice' "${kayako[@]}" diagnose kayako --query "salt=1234567890&signature=$signature%253D"
ok 'a + that the vendor reads as one' prints 0 'Nothing is wrong.' "${kayako[@]}" diagnose kayako --query \
    'apikey=k&salt=a+b%2Bc&signature=MzccMhvmd9jEDU+J9FGBHwTujYOWU9POD4zdhAIPby0='

# MOR's hash stands in the form.
mor=(env APISIG_SECRET='Very Sercet Key' "$apisig")
address='/billing/api/user_balance_get?username=admin&hash'
ok 'diagnose takes the hash from the form' prints 0 'Nothing is wrong.' "${mor[@]}" diagnose mor --method user_balance_get \
    --form 'username=admin&hash=379fc926ac3fb433b979914a17825811d2b5f816'
ok 'a hash is one value, whatever stands in it' says 1 'not the one that this secret makes' "${mor[@]}" verify mor \
    --method user_balance_get --form 'u=bob' --hash '379fc926ac3fb433b979914a17825811d2b5f816&username=admin'
ok 'mor hash: two hashes' says 1 'cannot be read' "${mor[@]}" mor hash "$address=1&hash=2"
ok 'a hash twice is wrong use' says 2 'leave out --hash' "${mor[@]}" diagnose mor --method user_balance_get --form 'username=admin&hash=1' --hash 2
ok 'two hashes in the form' says 1 'cannot be read' "${mor[@]}" diagnose mor --method user_balance_get --form 'username=admin&hash=1&hash=2'
ok 'no hash is wrong use' says 2 'there is no hash' "${mor[@]}" diagnose mor --method user_balance_get --form username=admin
ok 'mor hash: the right one' says 0 'hash in the URL: right' "${mor[@]}" mor hash "$address=379fc926ac3fb433b979914a17825811d2b5f816"
ok 'mor hash: another one' says 1 'hash in the URL: wrong' "${mor[@]}" mor hash "$address=479fc926ac3fb433b979914a17825811d2b5f816"
ok 'mor hash: in JSON' says 1 '"valid":false' "${mor[@]}" --json mor hash "$address="

for words in "verify kommo --url /x" "explain kommo --url /x" "sign kommo --url /x" "diagnose kommo --url /x" "sign retailcrm --api-key x" \
    "--json sign kommo --url /x" "sign kommo --url http://h/x --curl" "mor hash /billing/api/users_get?u=1" "diff tests/packages/cli.sh README.md" \
    "completions bash" "completions zsh" --help --version "sign --help" "help sign"; do
    ok "nobody reads: $words" where_nobody_reads $words
done
ok 'a closed output is as silent as /dev/null' with_its_output_closed
ok 'nobody hears what is wrong' wrong_use_that_nobody_hears
printf 'x\n' >"$work/input"
for words in 'sign kommo --url /x --secret-file - --body-file -' 'verify kommo --url /x --secret-file /dev/stdin --body-file -' 'diff - -'; do
    ok "two inputs from one: $words" says 2 'standard input' "$apisig" $words <"$work/input"
done
ok 'a body from standard input is sent, too' says 0 "--data-raw 'x
'" "$apisig" sign kommo --url http://h/x --body-file - --curl <"$work/input"

printf 'secret\n' >"$work/secret"
token=016ab397889c59a1f61a07d69857880a0d867aa1b0edb1014971757cf7a25bb1
ok 'a secret from a file, without its line end' prints 0 "$token" "$apisig" sign retailcrm --api-key api_key --secret-file "$work/secret"
ok 'a secret from standard input' prints 0 "$token" "$apisig" sign retailcrm --api-key api_key --secret-file - <"$work/secret"
ok 'a secret with its line end is another' says 1 'line feed at its end' "$apisig" diagnose retailcrm --api-key api_key --token "$token" \
    --secret-file "$work/secret" --secret-verbatim
ok 'no option takes the secret itself' secret_on_the_command_line
ok 'diagnose names the mistake, as JSON' says 1 '"mistake":"SECRET_SWAPPED"' env APISIG_SECRET=secret "$apisig" --json diagnose retailcrm \
    --api-key api_key --token a6323d39441a8431100c237db614d47d801d68ed64d18902b76ef1bd8995fd82
ok 'diagnose: nothing is wrong' prints 0 'Nothing is wrong.' env APISIG_SECRET=secret "$apisig" diagnose retailcrm --api-key api_key --token "$token"
ok 'mor hash shows the order' says 0 'b93c35d5c6183288322122561a3da7e09abb63b7' env APISIG_SECRET='Very Sercet Key' \
    "$apisig" mor hash '/billing/api/user_calls_get?period_start=1252454580&user_id=123&calltype=answered'
ok 'explain shows no secret' bash -c "! APISIG_SECRET=topsecretvalue $apisig explain mor --form a=1 | grep -q topsecretvalue"
printf 'POST\na\n/x' >"$work/one"
printf 'POST\nb\n/x' >"$work/other"
ok 'diff marks the line that differs, without colours in a pipe' says 1 'a\n    | b\n' "$apisig" diff "$work/one" "$work/other"
printf 'POST\nx\na\n/x' >"$work/longer"
ok 'diff aligns what one side lacks' prints 1 "$(printf 'POST\\n   POST\\n\n       > x\\n\na\\n      a\\n\n/x       /x')" "$apisig" diff "$work/one" "$work/longer"
ok 'diff of two equal ones is 0' says 0 'POST\n' "$apisig" diff "$work/one" "$work/one"
ok 'the help fits 80 columns' fits_80_columns
ok 'a manual page for each subcommand' has_a_page_for_each_subcommand
mkdir -p "$work/examples"
printf secret >"$work/examples/secret.txt"
printf root:abc >"$work/examples/login.txt"
"$apisig" sign retailcrm-register --api-key x --system-url https://demo.retailcrm.ru >"$work/examples/form.txt"
echo 'curl https://h/hook -H "X-Signature: 865fe065129ef6c0240decadbd674d29919ef91c" -d {}' >"$work/examples/pasted.txt"
printf %s "$body" >"$work/examples/body.json"
cp "$work/one" "$work/examples/ours.txt"
cp "$work/other" "$work/examples/theirs.txt"
while read -r words; do
    ok "the example of $words" runs_its_example $words
done < <(subcommands)
ok 'completions' says 0 'apisig' "$apisig" completions bash
[ "$failures" = 0 ]
