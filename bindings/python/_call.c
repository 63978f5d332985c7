/* Calls the functions of the library for _native.py, as ctypes does, in 0.3 microseconds less. It knows none of them: letters say what a
   function returns, and then what it takes:

     ? bool   i int32_t   q int64_t   n ptrdiff_t   N size_t, not negative   v nothing
     P a pointer: an integer, or None for NULL
     s two arguments: bytes or None, and their length; as a result a text that ends with NUL, copied to bytes, or None

   Whatever the objects are, nothing is read beyond them: only the addresses under P are the caller's word. No code of an argument's class runs, so
   nothing happens between the checks and the call, and the caller keeps the arguments alive. The GIL is kept. */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030a0000
#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

/* Where integers and pointers are passed alike, a word each: first in registers, then on the stack. */
#if !defined __x86_64__ && !defined __aarch64__
#error "how this processor's calls pass integers is not known here: ctypes is used"
#endif

enum { MOST = 20 };
typedef uint64_t word;
typedef word few(word, word, word, word, word, word);
typedef word many(word, word, word, word, word, word, word, word, word, word, word, word, word, word, word, word, word, word, word, word);
typedef struct {
    uintptr_t address;
    Py_ssize_t count; /* of arguments */
    char result, kinds[MOST + 1];
} callee;

static bool refuse(PyObject *exception, const char *why)
{
    PyErr_SetString(exception, why);
    return false;
}

/* An object of int, or of a class below it, whose methods are not asked. */
static bool take_integer(PyObject *arg, char kind, word *to)
{
    long long number;

    if (!PyLong_CheckExact(arg) && !PyLong_Check(arg))
        return refuse(PyExc_TypeError, "an integer is expected");
    number = PyLong_AsLongLong(arg);
    if (number == -1 && PyErr_Occurred())
        return false;
    if ((kind == 'N' && number < 0) || (kind == 'i' && number != (int32_t)number) || (kind == '?' && number != (number & 1)))
        return refuse(PyExc_OverflowError, "an integer is out of range");
    *to = (word)number;
    return true;
}

/* No class below bytes: its length may be another. */
static bool take_string(PyObject *const *args, word *to)
{
    Py_ssize_t size = 0;

    if (args[0] != Py_None) {
        if (!PyBytes_CheckExact(args[0]))
            return refuse(PyExc_TypeError, "bytes are expected");
        to[0] = (uintptr_t)PyBytes_AsString(args[0]);
        size = PyBytes_Size(args[0]);
    }
    return take_integer(args[1], 'N', &to[1]) && (to[1] == (word)size || refuse(PyExc_ValueError, "a length is not that of its bytes"));
}

static bool take(const char *kind, PyObject *const *arg, word *to)
{
    for (; *kind != '\0'; kind++, arg++, to++) {
        if (*kind == 's') {
            if (!take_string(arg++, to++))
                return false;
        } else if ((*kind != 'P' || *arg != Py_None) && !take_integer(*arg, *kind, to)) {
            return false;
        }
    }
    return true;
}

/* A result that does not fill its word leaves the rest undefined. */
static PyObject *give(char kind, word result)
{
    switch (kind) {
    case '?': return PyBool_FromLong((unsigned char)result);
    case 'i': return PyLong_FromLong((int32_t)result);
    case 'q': case 'n': return PyLong_FromLongLong((int64_t)result);
    case 'P': if (result != 0) return PyLong_FromUnsignedLongLong(result); break;
    case 's': if (result != 0) return PyBytes_FromString((const char *)(uintptr_t)result); break;
    }
    Py_RETURN_NONE;
}

static PyObject *call(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    const callee *to = (const callee *)(void *)PyBytes_AsString(self);
    word w[MOST] = {0};

    if (count != to->count)
        return PyErr_Format(PyExc_TypeError, "%zd arguments are expected, not %zd", to->count, count);
    if (!take(to->kinds, args, w))
        return NULL;
    if (count <= 6)
        return give(to->result, ((few *)to->address)(w[0], w[1], w[2], w[3], w[4], w[5]));
    return give(to->result, ((many *)to->address)(w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8], w[9], w[10], w[11], w[12], w[13],
                                                  w[14], w[15], w[16], w[17], w[18], w[19]));
}

static PyMethodDef called = {"call", (PyCFunction)(void (*)(void))call, METH_FASTCALL, NULL};

static PyObject *function(PyObject *module, PyObject *args)
{
    unsigned long long address;
    const char *letters;
    int result;
    size_t i;
    callee to = {0};
    PyObject *self, *made;

    (void)module;
    if (!PyArg_ParseTuple(args, "KCs", &address, &result, &letters))
        return NULL;
    to.address = (uintptr_t)address;
    to.result = (char)result;
    for (i = 0; letters[i] != '\0' && to.count <= MOST; i++) {
        to.kinds[i] = letters[i];
        to.count += letters[i] == 's' ? 2 : 1;
    }
    if (address == 0 || to.count > MOST)
        return PyErr_Format(PyExc_ValueError, "no such function");
    self = PyBytes_FromStringAndSize((const char *)&to, sizeof to);
    if (self == NULL)
        return NULL;
    made = PyCFunction_NewEx(&called, self, NULL);
    Py_DECREF(self);
    return made;
}

static PyMethodDef methods[] = {{"function", function, METH_VARARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_call", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__call(void)
{
    return PyModule_Create(&module);
}
