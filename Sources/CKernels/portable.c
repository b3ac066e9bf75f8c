// The version for every processor: 16-byte vectors, which are SSE2 on x86-64 and NEON on ARM.

#define CK_TARGET
#define CK_BYTES 16
#if defined(__aarch64__)
#define CK_ROWS 6
#else
#define CK_ROWS 3
#endif
#define CK_VECTORS 3
#define CK_TABLE ck_portable_functions

#include "version_body.h"
