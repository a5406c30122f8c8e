// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "commands/command.h"
#include "commands/sub_commands.h"

bool rpcancel_asks_for_bisect(int argc, char **argv)
{
    return rpcancel_has_option(argc, argv, "--bisect");
}

int rpcancel_end_for_bisect(int code)
{
    /* What could not be said is found out here: main() would make it a code that means another thing to git. */
    if (fflush(stdout) != 0 || ferror(stdout))
        code = (int)rpcancel_exit_stronger((enum rpcancel_exit_code)code, RPCANCEL_EXIT_TROUBLE);
    return rpcancel_exit_for_bisect((enum rpcancel_exit_code)code, *rpcancel_interrupted());
}
