// SPDX-License-Identifier: Apache-2.0
#define _POSIX_C_SOURCE 200809L
#include "doctor/remedies.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *rpcancel_remedy_of_exchange(enum rpcancel_exchange exchange)
{
    switch (exchange) {
    case RPCANCEL_EXCHANGE_CRASHED:
        return "catch what the function raises and answer `exception CODE`; run it in a debugger (plugin: "
               "--in-process)";
    case RPCANCEL_EXCHANGE_HUNG:
        return "no operation may wait for another one to be asked; if it is only slow, raise --deadline";
    default:
        return "docs/runtime-protocol.md says which answers each operation has";
    }
}

const char *rpcancel_remedy_of_opening(const char *failure)
{
    static const struct {
        const char *part, *remedy;
    } remedies[] = {
        {"exports no rpcancel_plugin_entry",
         "export the function that rpcancel/plugin.h declares (extern \"C\" in C++; "
         "visibility default)"},
        {"has ABI", "compile it against the rpcancel/plugin.h of this version"},
        {"did not open", "`open` returned NULL: see what it said on its standard error; are its arguments right?"},
        {"undefined symbol", "link it with what it uses: -Wl,-z,defs finds that out when it is built"},
        {"cannot be loaded", "`ldd FILE` shows which library it lacks"},
        {"did not answer", "it hangs when it is loaded or opened; if it is only slow, raise --start-deadline"},
        {"was killed by signal", "it falls when it is loaded or opened: --in-process in a debugger shows where"},
        {"ended with exit code", "it ends the process when it is loaded or opened; expected to return"},
    };
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++) {
        if (strstr(failure, remedies[i].part))
            return remedies[i].remedy;
    }
    return NULL;
}

static bool is_elf(const uint8_t *head, size_t size)
{
    return size >= 20 && memcmp(head, ELFMAG, SELFMAG) == 0;
}

/* Whether it is for another machine than rpcancel itself. */
static bool is_elf_of_other_machine(const uint8_t *head, size_t size)
{
    uint8_t own[RPCANCEL_HEAD_SIZE];
    size_t own_size = rpcancel_head_read("/proc/self/exe", own);
    if (!is_elf(head, size) || !is_elf(own, own_size))
        return false;
    /* Class, byte order, and e_machine, which is at 18 in both classes. */
    return head[EI_CLASS] != own[EI_CLASS] || head[EI_DATA] != own[EI_DATA] || memcmp(head + 18, own + 18, 2) != 0;
}

static bool is_windows(const uint8_t *head, size_t size)
{
    return size >= 2 && head[0] == 'M' && head[1] == 'Z';
}

const char *rpcancel_remedy_of_program(int error, bool exists, const uint8_t *head, size_t size)
{
    static const char machine[] = "it is a program for another machine: build it for this one";
    switch (error) {
    case ENOENT:
        if (size >= 2 && head[0] == '#' && head[1] == '!')
            return "the file is there, the program that its `#!` line names is not (or the line ends with a carriage "
                   "return)";
        if (exists)
            return is_elf_of_other_machine(head, size) ? machine
                                                       : "the file is there, the loader that it names is not: `file` "
                                                         "and `ldd` show which";
        return "there is no such program: give its path (./my-child), or see whether it is in PATH";
    case EACCES:
        return "it may not be run: chmod +x; is the file system mounted noexec?";
    case EISDIR:
        return "that is a folder; expected a program";
    case ENOEXEC:
        if (is_elf(head, size))
            return machine;
        if (is_windows(head, size))
            return "it is a program for Windows: child:wine64 FILE, or under WSL (docs/windows.md)";
        return "it is neither a program nor has it a `#!` line in front: name the interpreter, child:python3 FILE";
    default:
        return NULL;
    }
}

const char *rpcancel_remedy_of_shared_object(const uint8_t *head, size_t size)
{
    if (is_windows(head, size))
        return "it is a DLL for Windows; expected a shared object of this system";
    if (is_elf_of_other_machine(head, size))
        return "it is for another machine: build it for this one";
    if (is_elf(head, size) && head[16] == ET_EXEC)
        return "it is a program; expected a shared object: link with -shared";
    if (is_elf(head, size) && head[16] == ET_REL)
        return "it is an object file; expected a shared object: link with -shared";
    return is_elf(head, size) ? NULL : "it is no shared object: compile with -fPIC, link with -shared";
}

size_t rpcancel_head_read(const char *path, uint8_t head[RPCANCEL_HEAD_SIZE])
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t size = 0;
    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        size = read(file, head, RPCANCEL_HEAD_SIZE);
    if (file >= 0)
        close(file);
    return size > 0 ? (size_t)size : 0;
}
