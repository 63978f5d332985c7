/* What ImbaChat leaves on its stack of a header with the right password. */
#define _GNU_SOURCE 1
#include "check.h"
#include "stack.h"

/* Python: base64.b64encode(b"root:correct horse battery staple"). */
static bool holds;
static void verify_the_right_password(void)
{
    holds = apisig_imbachat_verify_authorization(L("root"), L("correct horse battery staple"),
                                                 L("Basic cm9vdDpjb3JyZWN0IGhvcnNlIGJhdHRlcnkgc3RhcGxl"));
}

/* The password of the header is decoded, and gone behind the call. */
static void decoded_passwords(void)
{
    run(verify_the_right_password);
    check(holds, "the right password holds");
    check(!is_left(L("correct horse battery staple")), "verify_authorization leaves the password");
}

int main(void)
{
    decoded_passwords();
    return report();
}
