// The version for AVX-512.

#if defined(__x86_64__)

#define CK_TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma")))
#define CK_BYTES 64
#define CK_ROWS 8
#define CK_VECTORS 3
#define CK_TABLE ck_avx512_functions

#include "version_body.h"

#endif
