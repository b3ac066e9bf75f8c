#include "versions.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool ck_is_available(ck_version version) {
  switch (version) {
  case ck_portable:
    return true;
#if defined(__x86_64__)
  case ck_avx2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case ck_avx512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("fma");
#endif
  default:
    return false;
  }
}

ck_version ck_preferred_version(void) {
  static const char *const names[] = {"portable", "avx2", "avx512"};
  const char *wanted = getenv("WORKBOOK_KERNEL");
  for (int version = ck_portable; wanted && version <= ck_avx512; version++)
    if (strcmp(wanted, names[version]) == 0 && ck_is_available((ck_version)version))
      return (ck_version)version;
  return ck_is_available(ck_avx512) ? ck_avx512 : ck_is_available(ck_avx2) ? ck_avx2 : ck_portable;
}

long ck_processor_count(void) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? count : 1;
}

static const ck_functions *functions(ck_version version) {
#if defined(__x86_64__)
  if (version == ck_avx512)
    return &ck_avx512_functions;
  if (version == ck_avx2)
    return &ck_avx2_functions;
#endif
  (void)version;
  return &ck_portable_functions;
}

size_t ck_panel_width(ck_version version) { return functions(version)->panel_width; }

size_t ck_panel_width_f64(ck_version version) { return functions(version)->panel_width_f64; }

void ck_products(ck_version version, const float *rows, size_t row_panels, const float *columns,
                 size_t column_panels, size_t depth, float *values) {
  functions(version)->products(rows, row_panels, columns, column_panels, depth, values);
}

void ck_absolute_differences(ck_version version, const float *rows, size_t row_panels,
                             const float *columns, size_t column_panels, size_t depth,
                             float *values) {
  functions(version)->absolute_differences(rows, row_panels, columns, column_panels, depth,
                                           values);
}

void ck_add_products_f64(ck_version version, const double *rows, size_t row_panels,
                         const double *columns, size_t column_panels, size_t depth,
                         double *values, size_t stride) {
  functions(version)->add_products_f64(rows, row_panels, columns, column_panels, depth, values,
                                       stride);
}

bool ck_distances(ck_version version, float *values, size_t count, float row_square,
                  const float *column_squares) {
  return functions(version)->distances(values, count, row_square, column_squares);
}

ck_moments ck_tally(ck_version version, const float *values, size_t count,
                    const ck_binning *binning, float *column_sums, uint32_t *counts,
                    int32_t *bin_indices) {
  return functions(version)->tally(values, count, binning, column_sums, counts, bin_indices);
}

size_t ck_first_above(ck_version version, const float *values, size_t start, size_t count,
                      float threshold) {
  return functions(version)->first_above(values, start, count, threshold);
}

void ck_rotate(ck_version version, double *x, double *y, size_t count, double cosine,
               double sine) {
  functions(version)->rotate(x, y, count, cosine, sine);
}

void ck_add_multiple(ck_version version, double factor, const double *x, double *y,
                     size_t count) {
  functions(version)->add_multiple(factor, x, y, count);
}

double ck_inner_product(ck_version version, const double *x, const double *y, size_t count) {
  return functions(version)->inner_product(x, y, count);
}

double ck_mixed_inner_product(ck_version version, const float *x, const double *y,
                              size_t count) {
  return functions(version)->mixed_inner_product(x, y, count);
}

int64_t ck_concordance(ck_version version, const int16_t *x, const int16_t *y, size_t count) {
  return functions(version)->concordance(x, y, count);
}
