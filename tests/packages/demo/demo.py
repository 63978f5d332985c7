"""Signs the vendors' documented examples in Python, and prints each value behind its name."""

import apisig

URL = "https://amojo.kommo.com/v2/origin/custom/f62a0162-46a7-430e-b06c-0ef798d56b21/connect"
BODY = '{"account_id":"52fd2a28-d2eb-4bd8-b862-b57934927b38","title":"MyKommo","hook_api_version":"v2"}'
DATE = "Wed, 23 Nov 2022 19:25:21 +0000"

kommo = apisig.Kommo("fb50586ff7b68cd831fe0ef356345903f644c0d2")
imbachat = apisig.ImbaChat("lPXBFPqNg3f661JcegBY0N0dPXqUBdHXqj2cHf04PZgLHxT6z55e20ozojvMRvB8")

signed = kommo.sign_digest("POST", URL, "fa59c326af78bd12ed820daa497ab999", "application/json", DATE)
print("kommo sign_digest", signed, sep="\t")
print("kommo sign", kommo.sign("POST", URL, BODY, 1669231521)["X-Signature"], sep="\t")
print("imbachat sign", imbachat.sign(1, 3600, 1590488400), sep="\t")
print("retailcrm sign", apisig.RetailCrm("secret").sign("api_key"), sep="\t")
print("kayako sign", apisig.Kayako("secretkey").sign("1234567890"), sep="\t")
print("mor sign", apisig.Mor("Very Sercet Key").sign(123, 1252454580, "answered"), sep="\t")
