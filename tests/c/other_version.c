/* A library of another version: the bindings must refuse it before they call anything else. */
const char *apisig_version(void);

const char *apisig_version(void)
{
    return "99.0.0";
}
