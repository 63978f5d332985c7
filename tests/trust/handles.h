/* A handle of each vendor by the vendor's name, for the programs of this folder that make calls of their own. */
#ifndef HANDLES_H
#define HANDLES_H

#include "../c/calls.h"

#define HANDLE(vendor) static apisig_##vendor *vendor;
VENDORS(HANDLE)

/* Makes the handles, each with a second secret; returns how many of VENDOR_COUNT there are. */
static inline int make_handles(void)
{
    int made = 0;
#define MAKE(vendor)                                                                                          \
    vendor = apisig_##vendor##_new(L("secret"), NULL);                                                        \
    made += vendor != NULL && apisig_##vendor##_add_secret(vendor, L("old secret"), NULL);
    VENDORS(MAKE)
    return made;
}

static inline void free_handles(void)
{
#define FREE(vendor) apisig_##vendor##_free(vendor);
    VENDORS(FREE)
}

#endif
