// The version for AVX2 with fused multiply-add.

#if defined(__x86_64__)

#define CK_TARGET __attribute__((target("avx2,fma")))
#define CK_BYTES 32
#define CK_ROWS 3
#define CK_VECTORS 3
#define CK_TABLE ck_avx2_functions

#include "version_body.h"

#endif
