// SPDX-License-Identifier: Apache-2.0
#include "child/port_windows_guard.h"

#include <windows.h>

#if defined(_MSC_VER)

bool windows_guard(void (*function)(void *context), void *context, uint32_t *exception)
{
    __try {
        function(context);
        return true;
    } __except (*exception = GetExceptionCode(), EXCEPTION_EXECUTE_HANDLER) {
        return false;
    }
}

#elif defined(__x86_64__)

/*
 * gcc has no __try. guard_frame calls its first argument with its second and returns 0; its unwind information names
 * guard_handler, which on an exception unwinds the stack to guard_landing with a nonzero value to return.
 */
uint64_t guard_frame(void (*function)(void *context), void *context);
__asm__("    .text\n"
        "    .globl guard_frame\n"
        "    .seh_proc guard_frame\n"
        "guard_frame:\n"
        "    subq $40, %rsp\n"
        "    .seh_stackalloc 40\n"
        "    .seh_endprologue\n"
        "    .seh_handler guard_handler, @except\n"
        "    movq %rcx, %rax\n"
        "    movq %rdx, %rcx\n"
        "    call *%rax\n"
        "    xorl %eax, %eax\n"
        "    .globl guard_landing\n"
        "guard_landing:\n"
        "    addq $40, %rsp\n"
        "    ret\n"
        "    .seh_endproc\n");
extern const char guard_landing[];

static const uint64_t raised = UINT64_C(1) << 32; /* the lower half is the exception code */

EXCEPTION_DISPOSITION guard_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                    DISPATCHER_CONTEXT *dispatcher);
EXCEPTION_DISPOSITION guard_handler(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                    DISPATCHER_CONTEXT *dispatcher)
{
    const DWORD unwinding = 0x66; /* any of EXCEPTION_UNWINDING, _EXIT_UNWIND, _TARGET_UNWIND, _COLLIDED_UNWIND */
    if (record->ExceptionFlags & unwinding)
        return ExceptionContinueSearch;
    uint64_t result = raised | record->ExceptionCode;
    RtlUnwindEx(frame, (void *)(uintptr_t)guard_landing, record, (void *)(uintptr_t)result, context,
                dispatcher->HistoryTable);
    return ExceptionContinueSearch; /* not reached */
}

bool windows_guard(void (*function)(void *context), void *context, uint32_t *exception)
{
    uint64_t result = guard_frame(function, context);
    *exception = (uint32_t)result;
    return result < raised;
}

#else
#error "no way to catch exceptions with this compiler: use MSVC, or gcc for x86-64"
#endif
