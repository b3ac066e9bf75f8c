// The functions that each instruction set has its own version of.

#ifndef CK_VERSIONS_H
#define CK_VERSIONS_H

#include "CKernels.h"

typedef struct ck_functions {
  size_t panel_width, panel_width_f64;
  void (*products)(const float *, size_t, const float *, size_t, size_t, float *);
  void (*absolute_differences)(const float *, size_t, const float *, size_t, size_t, float *);
  void (*add_products_f64)(const double *, size_t, const double *, size_t, size_t, double *,
                           size_t);
  bool (*distances)(float *, size_t, float, const float *);
  ck_moments (*tally)(const float *, size_t, const ck_binning *, float *, uint32_t *, int32_t *);
  size_t (*first_above)(const float *, size_t, size_t, float);
  void (*rotate)(double *, double *, size_t, double, double);
  void (*add_multiple)(double, const double *, double *, size_t);
  double (*inner_product)(const double *, const double *, size_t);
  double (*mixed_inner_product)(const float *, const double *, size_t);
  int64_t (*concordance)(const int16_t *, const int16_t *, size_t);
} ck_functions;

extern const ck_functions ck_portable_functions;
#if defined(__x86_64__)
extern const ck_functions ck_avx2_functions;
extern const ck_functions ck_avx512_functions;
#endif

#endif
