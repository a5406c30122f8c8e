// SPDX-License-Identifier: Apache-2.0
#include "commands/command.h"
#include "commands/sub_commands.h"

int rpcancel_pcap_annotate(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return RPCANCEL_EXIT_USAGE;
}
