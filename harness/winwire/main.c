// SPDX-License-Identifier: Apache-2.0
/* rpcancel-winwire: the RPC runtime of this system on the wire, as a server or as a client (docs/windows.md). */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "winwire/call.h"
#include "winwire/serve.h"

enum { USAGE = 2, PORT_MAX = 65535 };

static int show_usage(FILE *to)
{
    fputs("usage: rpcancel-winwire serve PORT\n"
          "       rpcancel-winwire call HOST PORT [KIND…]\n"
          "\n"
          "serve  the test interface of `rpcancel serve`, by the RPC runtime of this system\n"
          "call   that runtime as a client of it: a few calls of each KIND; all of them, if none is named:\n",
          to);
    winwire_list_kinds(to);
    fputs("\n"
          "The runtime listens on ALL addresses of the machine, and what is asked of it is made to find faults. So let "
          "it serve\n"
          "only where nobody else can connect: under Wine in a network namespace, with the wineserver inside (ci/peers "
          "does);\n"
          "on Windows behind a rule of the firewall, or in a sandbox without network. docs/windows.md.\n",
          to);
    return to == stdout ? 0 : USAGE;
}

static int is_port(const char *text)
{
    char *end = NULL;
    long port = strtol(text, &end, 10);
    return end != text && *end == '\0' && port > 0 && port <= PORT_MAX;
}

int main(int count, char **words)
{
    /* Nobody sits before a dialogue; and no carriage returns. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    _setmode(_fileno(stdout), _O_BINARY);
    if (count == 2 && strcmp(words[1], "--help") == 0)
        return show_usage(stdout);
    if (count == 3 && strcmp(words[1], "serve") == 0 && is_port(words[2]))
        return winwire_serve(words[2]);
    if (count >= 4 && strcmp(words[1], "call") == 0 && is_port(words[3]) && winwire_are_kinds(words + 4))
        return winwire_call(words[2], words[3], words + 4);
    return show_usage(stderr);
}
