/* What tests/c/check.h needs of <unistd.h>, on Windows. */
#ifndef SHIM_UNISTD_H
#define SHIM_UNISTD_H
#include <io.h>
#define _SC_PAGESIZE 0
static inline long sysconf(int name) { (void)name; return 4096; }
#endif
