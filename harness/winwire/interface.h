// SPDX-License-Identifier: Apache-2.0
#ifndef RPCANCEL_WINWIRE_INTERFACE_H
#define RPCANCEL_WINWIRE_INTERFACE_H
/*
 * The test interface of `rpcancel serve` (docs/serve.md), by hand: what an IDL compiler would write of it. Its stub
 * data are octets and numbers of 32 bits, so that no description of types is needed.
 */
#include <windows.h>

#include <rpc.h>
#include <rpcndr.h>

// clang-format off
#define WINWIRE_INTERFACE {{0x72706361, 0x6e63, 0x656c, {0x80, 0x01, 0x74, 0x65, 0x73, 0x74, 0x00, 0x01}}, {1, 0}}
#define WINWIRE_NDR {{0x8A885D04, 0x1CEB, 0x11C9, {0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60}}, {2, 0}}
// clang-format on

enum winwire_opnum {
    WINWIRE_ECHO,
    WINWIRE_SLEEP,
    WINWIRE_PARK,
    WINWIRE_HOLD,
    WINWIRE_POLL,
    WINWIRE_RAISE,
    WINWIRE_STREAM,
    WINWIRE_RELEASE,
    WINWIRE_COUNT,
    WINWIRE_OPNUMS
};

#endif
