"""The rule by which a MOR server hashes a request, written apart from the library, and random requests by it.

python3 tests/mor/rule.py COUNT [SEED] prints calls in the form of tests/vectors/mor.tsv. Sources: requests whose hashes
are public, and the vendor's pages of single methods.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path
from urllib.parse import quote, quote_plus

ORDER = Path(__file__).with_name("order.txt").read_text().split()

HASH_NOTHING = """
    aggregate_get calling_cards_get cc_groups_get number_pool_create number_pool_update number_pools_get recordings_get
    subscriptions_get user_sms_get
"""
LISTS = {
    **dict.fromkeys(HASH_NOTHING.split(), ""),
    **dict.fromkeys(["lcr_create", "lcrs_get", "quickstats_get", "reseller_groups_get", "tariffs_get"], "u"),
    **dict.fromkeys(["did_close", "did_delete", "did_make_free", "did_subscription_stop", "did_terminate"], "dids_id"),
    "calling_card_update": "card_id",
    "calling_cards_create": "card_group_id cards_from cards_till",
    "cc_group_create": "name",
    "cc_group_update": "cc_group_id",
    "credit_note_update": "credit_note_id",
    "device_rule_create": "device_id",
    "device_rule_delete": "device_rule_id",
    "device_rules_get": "device_id",
    "device_update": "device authentication username host port",
    "exchange_rate_update": "currency rate",
    "financial_statements_get": "user_id",
    "ivr_dial_plan_update": "u ivr_dial_plan_id",
    "ivr_time_period_update": "u ivr_time_period_id",
    "lcr_add_provider": "u lcr_id provider_id",
    "lcr_delete": "u lcr_id",
    "lcr_delete_provider": "u lcr_id provider_id",
    "lcr_update": "u lcr_id",
    "local_calls_get": "from till s_user",
    "location_rule_copy": "location_rule_id location_id",
    "location_rule_create": "location_id",
    "location_rule_delete": "location_rule_id",
    "location_rule_get": "location_rule_id",
    "location_rule_update": "location_rule_id",
    "location_rules_get": "location_id",
    "number_pool_delete": "number_pool_id",
    "number_pool_numbers_create": "u number_pool_id",
    "number_pool_numbers_delete": "number_pool_id",
    "pbx_pool_create": "name",
    "provider_create": "name tech tariff_id",
    "provider_rule_create": "provider_id name cut add",
    "provider_rule_delete": "provider_rule_id",
    "provider_rules_get": "provider_id",
    "recording_update": "recording_id",
    "recordings_delete": "recording_id s_user_id s_device_id date_from date_till",
    "spy_call": "u active_call_id",
    "subscription_delete": "subscription_id subscription_delete_action",
    "subscription_flat_rate_number_status_get": "u user_id number",
    "subscription_update": "subscription_id",
    "tariff_rates_get": "tariff_id device_id",
    "user_login": "u p",
    "user_sms_service_subscribe": "user_id sms_tariff_id",
    "users_get": "u p",
    "voucher_use": "voucher_number",
}
# Some of the methods that have no list.
OTHERS = ["user_balance_update", "balance", "payments_get", "user_details_update", "did_create", "card_from_group_sell"]

DIGITS = "[0-9]+"
ALL_OR_DIGITS = "all|[0-9]+"
CALL_TYPES = "all|answered|busy|no_answer|failed|missed|missed_inc|missed_inc_all|missed_not_processed_inc"
TYPES = {
    **dict.fromkeys(["user_id", "period_start", "period_end", "tariff_id", "only_did"], DIGITS),
    **dict.fromkeys(["mtype", "s_user", "s_user_id", "s_from", "s_till"], DIGITS),
    **dict.fromkeys(["device", "s_device", "s_provider", "s_hgc", "s_did"], ALL_OR_DIGITS),
    **dict.fromkeys(["user_warning_email_hour", "pgui", "device_calerid"], "(?!)"),
    "direction": "outgoing|incoming",
    "calltype": CALL_TYPES,
    "users": "postpaid|prepaid|all|[0-9,]+",
    "balance": "[-0-9.+]+",
    "block": ".*(true|false).*",
}
INTEGERS = ["user_id", "period_start", "period_end", "tariff_id", "only_did"]


def names(method: str) -> list[str]:
    """Return what a method hashes, in order."""
    return LISTS[method].split() if method in LISTS else ORDER


def read(method: str, name: str, value: str) -> str:
    """Return the text that a value adds to the hash."""
    if (method, value) == ("quickstats_get", "admin") or (method, name) == ("card_from_group_sell", "number"):
        return ""
    if method in LISTS or name not in TYPES:
        return value
    if not re.fullmatch(TYPES[name], value, re.DOTALL):
        return ""
    return str(int(value)) if name in INTEGERS else value


def is_never_hashed(method: str, name: str, value: str) -> bool:
    """Return whether a parameter adds nothing, be its value right or not."""
    if method not in LISTS:
        return TYPES.get(name) == "(?!)" or (method, name) == ("card_from_group_sell", "number")
    return (method, value) == ("quickstats_get", "admin")


def value(choice: random.Random) -> str:
    """Return what somebody might send."""
    return choice.choice([
        "", "0", "7", "007", "12", "1,2", "-1.5", "+370", "all", "ten", "admin", "a b", "a&b=c", "true", "falsey",
        "outgoing", "incoming", "missed", "no_answer", "prepaid", "postpaid", "\u00e9", "\u0663", "7\n", " 7", "%41",
        "x" * 70,
    ])  # fmt: skip


def encoded(choice: random.Random, text: str) -> str:
    """Return a text as one of many senders would encode it."""
    every = "".join(f"%{byte:02x}" for byte in text.encode())
    return choice.choice([quote_plus(text), quote(text, safe=""), quote(text, safe="~"), every])


def request(choice: random.Random) -> tuple[str, list[tuple[str, str]]]:
    """Return a method and what is sent to it."""
    method = choice.choice([*LISTS, *OTHERS * 6])
    start = choice.randrange(len(ORDER))
    # Neighbours, whose order shows.
    near = choice.choices(ORDER[start : start + 4], k=choice.randrange(4))
    known = near + choice.choices([*ORDER, *names(method)], k=choice.randrange(6))
    typed = choice.choices(list(TYPES), k=choice.randrange(3))
    unknown = choice.sample(["u", "p", "test", "no_such_name", "User_id", "dids_id", "s_uniqueid"], choice.randrange(4))
    sent = known + typed + unknown if choice.random() < 0.1 else list(dict.fromkeys(known + typed + unknown))
    choice.shuffle(sent)
    return method, [(name, value(choice)) for name in sent]


def calls(choice: random.Random) -> Iterator[str]:
    """Return the calls that show what a request hashes."""
    method, sent = request(choice)
    order = [name for name in names(method) if name in dict(sent)]
    form = "&".join(f"{encoded(choice, name)}={encoded(choice, text)}" for name, text in sent)
    values = dict(sent)
    hashed = {name: read(method, name, values[name]) for name in order}
    secret = choice.choice(["secret", "k3y456"])
    right = sha1(("".join(hashed.values()) + secret).encode()).hexdigest()
    is_twice = any([name for name, _ in sent].count(name) > 1 for name in order)

    given = choice.choice([right] * 8 + [right.upper(), right[::-1]])
    verdict = "MALFORMED" if is_twice else "0" if given == right else "MISMATCH"
    received = f"{form}&hash={given}" if form else f"hash={given}"
    yield f"verify_request\t{secret}\t{method}\t{received}\t{verdict}"

    changed = [name for name in order if hashed[name] != values[name]]
    rewritten = [name for name in changed if not is_never_hashed(method, name, values[name])]
    yield f"sign_request\t{secret}\t{method}\t{form}\t{'ARGUMENT_FORM' if is_twice or rewritten else right}"

    entering = [name for name in order if hashed[name]]
    others = [name for name, _ in sent if name not in entering]
    listed = "MALFORMED" if is_twice else ",".join(entering) + "\\n" + ",".join(others)
    yield f"parameters\t{method}\t{form}\t{listed}"


if __name__ == "__main__":
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1
    choice = random.Random(seed)
    for _ in range(count):
        print(*calls(choice), sep="\n")
