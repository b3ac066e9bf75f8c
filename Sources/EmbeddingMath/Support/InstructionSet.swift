internal import CKernels

/// A set of processor instructions for which there is a version of the kernels.
///
/// The versions differ in the last digits, since they add in different orders.
public enum InstructionSet: String, CaseIterable, Sendable {
  case portable, avx2, avx512

  /// The sets that this processor has, slowest first.
  public static var available: [InstructionSet] {
    allCases.filter { ck_is_available($0.version) }
  }

  /// The set named by the environment variable `WORKBOOK_KERNEL` where available, otherwise the
  /// fastest.
  public static var preferred: InstructionSet {
    let version = ck_preferred_version()
    return allCases.first { $0.version == version } ?? .portable
  }

  var version: ck_version {
    switch self {
    case .portable: ck_portable
    case .avx2: ck_avx2
    case .avx512: ck_avx512
    }
  }
}
