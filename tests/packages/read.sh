#!/usr/bin/env bash
# Pastes every sample of tests/vectors/pasted.txt into `apisig read`; computes their signatures again; and what else the command says of a paste.
set -u
cd "$(dirname "$0")/../.."
. tests/lib/lib.sh
. tests/lib/says.sh
apisig=$PWD/${APISIG_COMMAND:-target/cli/apisig}
work=target/tests/read
samples=tests/vectors/pasted.txt
mkdir -p "$work"

# A line for each sample.
every_sample() {
    "$PYTHON" tests/pasted/command.py "$apisig" "$samples" >"$work/lines"
    local status=$?
    cat "$work/lines"
    return $status
}

pasted() { # the start of its name
    awk -v name="=== $1" 'index($0, "=== ") == 1 { is_it = index($0, name) == 1; is_head = 1; next }
        is_it && !is_head; is_head && !NF { is_head = 0 }' "$samples"
}
for page in 'a line of nginx' 'HAR of a page' 'curl of a shell' 'curl with a body in a file'; do pasted "kommo, $page" >"$work/$page"; done
# The page's body of a request.
printf %s '{"account_id":"52fd2a28-d2eb-4bd8-b862-b57934927b38","title":"MyKommo","hook_api_version":"v2"}' >"$work/body.json"
printf 'fb50586ff7b68cd831fe0ef356345903f644c0d2\n' >"$work/secret"
unset APISIG_SECRET
read=("$apisig" read --secret-file "$work/secret")
shell="$work/curl of a shell"

ok 'the signatures of the samples are made as they say' "$PYTHON" tests/pasted/check.py "$samples"
ok 'every sample gets its verdict' every_sample
ok 'it says what it took it for, and why' says 0 'taken for: a request of Kommo'\''s Chat API (kommo), since it has X-Signature and Content-MD5' \
    "${read[@]}" "$shell"
ok 'and the string to sign' says 0 'string to sign: POST\na3c0e73dc69f8cf3941418999fd019da\napplication/json\n' "${read[@]}" "$shell"
ok 'standard input is the default' says 0 'Nothing is wrong.' "${read[@]}" <"$shell"
ok 'an old request is right at its own time' says 0 'note: checked at its own time; by the clock it is too old' "${read[@]}" "$shell"
ok 'at another time it is not' says 1 '"mistake":"DATE_STALE"' "${read[@]}" --json --now 2022-11-23T20:25:21Z "$shell"
ok 'what to change' says 1 'change X-Signature to: 865fe065129ef6c0240decadbd674d29919ef91c' bash -c 'sed s/865fe/965fe/ "$0" | "$@"' "$shell" "${read[@]}"
ok 'of several the worst' says 1 'requests of no vendor: 1' "${read[@]}" "$work/HAR of a page"
ok 'without the secret: what the form shows' says 2 'days old, and refused now' "$apisig" read "$shell"
ok 'and that it is missing' says 2 'no secret: pass --secret-file' "$apisig" read "$shell"
ok 'what a log line has not' says 2 'not checked: X-Signature, Content-MD5, Content-Type, Date are missing' "${read[@]}" "$work/a line of nginx"
ok 'a body that was not pasted' says 0 'note: the body is missing: paste what is in the file body.json' "${read[@]}" "$work/curl with a body in a file"
ok 'a body from its file' says 1 '"mistake":"BODY_OTHER"' "${read[@]}" --json --body-file "$work/secret" "$work/curl with a body in a file"
ok 'the right one' prints 0 "$("${read[@]}" "$shell")" "${read[@]}" --body-file "$work/body.json" "$work/curl with a body in a file"
ok 'another kind, because you say so' says 1 'taken for: a webhook of a Kommo chat channel (kommo-webhook), since you said so' \
    "${read[@]}" --vendor kommo-webhook "$shell"
ok 'an unknown kind is wrong use' says 2 'possible values: kommo, kommo-webhook' "${read[@]}" --vendor nobody "$shell"

# A sample, with its own secret.
read_sample() { # name, options
    pasted "$1" >"$work/sample"
    APISIG_SECRET=$(awk -v name="=== $1" 'index($0, "=== ") == 1 { is_it = index($0, name) == 1 } is_it && sub(/^secret: /, "") { print; exit }' "$samples") \
        "$apisig" read "${@:2}" "$work/sample"
}
ok 'what was around it' says 0 'read as: a curl command, without the Markdown around it' read_sample 'kommo, curl in a fence'
ok 'a form is no JSON' says 1 'change Content-Type to: application/json' read_sample 'kommo, curl that sends JSON as a form'
ok 'nor is text' says 1 'change Content-Type to: application/json' bash -c 'sed s:application/json:text/plain: "$0" | "$@"' "$shell" "${read[@]}"
right=$(read_sample 'imbachat, the alphabet of base64' | sed -n 's/^change the token to: //p')
ok 'the whole token, which is right' says 0 'Nothing is wrong.' bash -c 'echo "$1" | APISIG_SECRET="$2" "$3" read' - "$right" 'Secret key' "$apisig"
ok 'what a shell cut' says 2 'a shell cuts it at the first &' read_sample 'mor, curl that the shell cuts'
ok 'what no shell reads' says 2 'U+00A0' read_sample 'kommo, curl with a space of an office program'
ok 'a variable in code' says 2 'in place of Date: put in the value that was sent' read_sample 'kommo, code with variables'
ok 'the line end of echo' says 1 'use echo -n' read_sample 'imbachat-login, echo and base64'
ok 'no API key' says 1 'there is no apikey' read_sample 'kayako, a URL without apikey'
ok 'without the secret: that Content-MD5 is right' says 2 'Content-MD5 is that of the body' "$apisig" read "$shell"
token='{"token":"%s","apiKey":"api_key","systemUrl":"http://demo.retailcrm.ru"}'
printf "register=$token" "$(APISIG_SECRET=secret "$apisig" sign retailcrm --api-key api_key)" >"$work/register"
ok 'a system URL without TLS' says 1 'has to be https:// and the public name' env APISIG_SECRET=secret "$apisig" read "$work/register"
printf 'register=%%257B%%2522token%%2522' >"$work/register"
ok 'a form that is encoded twice' says 1 'register is URL-encoded twice' env APISIG_SECRET=secret "$apisig" read "$work/register"
ok 'secret and paste cannot both be standard input' says 2 'two inputs cannot both be standard input' "$apisig" read --secret-file - - <"$shell"
ok 'an endless input ends' says 2 'longer than 1 MiB' "${read[@]}" /dev/zero
ok 'a file that is not there' says 2 'No such file' "${read[@]}" "$work/nothing"
ok 'JSON has what a script needs' says 0 '"vendor":"kommo","why":"it has X-Signature and Content-MD5"' "${read[@]}" --json "$shell"

# The command reads what it writes.
signed() { # words of the command
    "$apisig" sign "$@" --curl | "$apisig" read
}
export APISIG_SECRET=secret
ok 'a curl command for Kommo' says 0 'Nothing is wrong.' signed kommo --url 'http://h/v2/origin/custom/1/x?a=[1]' --body $'{"a":"it\'s $5 \\" `x`\n\t!"}'
ok 'a curl command for Kayako' says 0 'Nothing is wrong.' signed kayako --salt 'a+b c' --api-key key --base https://h --route /Base/User/1
ok 'a curl command for MOR' says 0 'Nothing is wrong.' signed mor --method user_balance_get --form 'username=a%26b' --base https://h

# The same checks by the options of `verify` and `diagnose`.
export APISIG_SECRET=fb50586ff7b68cd831fe0ef356345903f644c0d2
webhook=(kommo-webhook --body '{"a":1}' -H 'X-Signature: 4736eec47a4dc228cfa81ca2f62683d85233877f')
ok 'verify: a webhook' prints 0 Valid. "$apisig" verify "${webhook[@]}"
ok 'diagnose: a webhook' prints 0 'Nothing is wrong.' "$apisig" diagnose "${webhook[@]}"
ok 'diagnose: a webhook of another body' says 1 'The signature is missing, or not the one' "$apisig" diagnose "${webhook[@]/'{"a":1}'/'{"a":2}'}"
ok 'sign: a webhook' prints 0 4736eec47a4dc228cfa81ca2f62683d85233877f "$apisig" sign kommo-webhook --body '{"a":1}
'
ok 'a webhook without a body is wrong use' says 2 'required' "$apisig" verify kommo-webhook -H 'X-Signature: 1'
export APISIG_SECRET=root:abc
ok 'verify: a login' prints 0 Valid. "$apisig" verify imbachat-login --authorization 'Basic cm9vdDphYmM='
ok 'verify: another login' says 1 'not the one' "$apisig" verify imbachat-login --authorization 'Basic cm9vdDphYmQ='
ok 'diagnose: another password' says 1 'note: the login is right, and the password another one' "$apisig" diagnose imbachat-login \
    --authorization 'Basic cm9vdDphYmQ='
ok 'sign: a login' prints 0 'Basic cm9vdDphYmM=' "$apisig" sign imbachat-login
ok 'a secret without a colon is no login' says 2 'The password is empty' env APISIG_SECRET=root "$apisig" verify imbachat-login --authorization x
export APISIG_SECRET=secret
form=$("$apisig" sign retailcrm-register --api-key api_key --system-url https://demo.retailcrm.ru)
ok 'verify: a register request' prints 0 Valid. "$apisig" verify retailcrm-register --form "$form"
ok 'verify: one of a host that is not allowed' says 1 'not of a host that you allow' "$apisig" verify retailcrm-register --form "$form" --hosts simla.com
ok 'verify: one of a host that is' prints 0 Valid. "$apisig" verify retailcrm-register --form "$form" --hosts simla.com,retailcrm.ru
ok 'verify: a list that is none' says 2 'cannot be a host' "$apisig" verify retailcrm-register --form "$form" --hosts 'a b'
ok 'diagnose: a register request with another secret' says 1 'not the one that this secret makes' env APISIG_SECRET=x "$apisig" diagnose \
    retailcrm-register --form "$form"
ok 'diagnose: two register objects' says 1 'cannot be read' "$apisig" diagnose retailcrm-register --form "$form&$form"
export APISIG_SECRET=secretkey
query='apikey=k&salt=1234567890&signature=VKjt8M54liY6xq1UuhUYH5BFp1RUqHekqytgLPrVEA0%3D&subject=Hi'
ok 'verify: a whole request of Kayako, with its API key' prints 0 Valid. "$apisig" verify kayako --api-key k --query "$query"
ok 'diagnose: with another API key' says 1 'is another one' "$apisig" diagnose kayako --api-key z --query "$query"
[ "$failures" = 0 ]
