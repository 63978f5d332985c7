/* The password of a header is decoded, and wiped when the call returns. */
#define _GNU_SOURCE 1
#include "check.h"
#include "stack.h"

#define PASSWORD "correct horse battery staple"

/* Python: base64.b64encode(b"root:correct horse battery staple"). */
static bool is_verified;
static void verify_it(void)
{
    is_verified = apisig_imbachat_verify_authorization(L("root"), L(PASSWORD), L("Basic cm9vdDpjb3JyZWN0IGhvcnNlIGJhdHRlcnkgc3RhcGxl"));
}

int main(void)
{
    run(verify_it);
    check(is_verified, "the right password is verified");
    check(!is_left(L(PASSWORD)), "verify_authorization leaves the password");
    return report();
}
