// SPDX-License-Identifier: Apache-2.0
#include "association/fault_status.h"

#include <stddef.h>

#include "status.h"

static const struct {
    uint32_t status, code;
} mapped[] = {
    {0x1C000001, 1767}, /* nca_s_fault_int_div_by_zero */
    {0x1C000002, 1768}, /* nca_s_fault_addr_error */
    {0x1C000003, 1769}, /* nca_s_fault_fp_div_zero */
    {0x1C000004, 1770}, /* nca_s_fault_fp_underflow */
    {0x1C000005, 1771}, /* nca_s_fault_fp_overflow */
    {0x1C000006, 1733}, /* nca_s_fault_invalid_tag */
    {0x1C000007, 1734}, /* nca_s_fault_invalid_bound */
    {0x1C000008, 1728}, /* nca_rpc_version_mismatch */
    {0x1C00000C, 1727}, /* nca_manager_not_entered */
    {0x1C00000D, 1818}, /* nca_s_fault_cancel */
    {0x1C00000E, 1768}, /* nca_s_fault_ill_inst */
    {0x1C00000F, 1771}, /* nca_s_fault_fp_error */
    {0x1C000010, 1768}, /* nca_s_fault_int_overflow */
    {0x1C000012, 1726}, /* nca_s_fault_unspec */
    {0x1C000014, 1918}, /* nca_s_fault_pipe_empty */
    {0x1C000015, 1916}, /* nca_s_fault_pipe_closed */
    {0x1C000016, 1831}, /* nca_s_fault_pipe_order */
    {0x1C000017, 1917}, /* nca_s_fault_pipe_discipline */
    {0x1C000018, 1820}, /* nca_s_fault_pipe_comm_error */
    {0x1C010001, 1820}, /* nca_s_comm_failure */
    {0x1C010002, 1745}, /* nca_op_rng_error */
    {0x1C010003, 1717}, /* nca_unk_if */
    {0x1C01000B, 1728}, /* nca_proto_error */
    {0x1C010013, 1130}, /* nca_out_args_too_big */
    {0x1C010014, 1723}, /* nca_server_too_busy */
    {0x1C010017, 1732}, /* nca_unsupported_type */
};

uint32_t rpcancel_fault_status_code(uint32_t status)
{
    for (size_t i = 0; i < sizeof mapped / sizeof mapped[0]; i++) {
        if (mapped[i].status == status)
            return mapped[i].code;
    }
    return status;
}

bool rpcancel_fault_status_is_ordinary(uint32_t status)
{
    switch (status) {
    case RPCANCEL_S_OK:
    case RPCANCEL_S_ASYNC_CALL_PENDING:
    case RPCANCEL_S_CALL_CANCELLED:
    case RPCANCEL_S_INVALID_ASYNC_HANDLE:
    case (uint32_t)RPCANCEL_S_ACCESS_VIOLATION:
        return false;
    default:
        return rpcancel_fault_status_code(status) == status;
    }
}
