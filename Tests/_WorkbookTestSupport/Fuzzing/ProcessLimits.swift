import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What this process uses, and how much it may.
enum ProcessLimits {
  /// The processor time of all threads so far.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The address space, the memory in use and the most that ever was in use, in bytes.
  ///
  /// All 0 where there is no `/proc`.
  static var memoryInUse: (mapped: Int, resident: Int, largest: Int) {
    let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
    var sizes: [Substring: Int] = [:]
    for line in String(decoding: status, as: UTF8.self).split(separator: "\n") {
      let fields = line.split { $0 == ":" || $0 == " " || $0 == "\t" }
      if fields.count == 3, fields[2] == "kB" { sizes[fields[0]] = Int(fields[1]) }
    }
    func bytes(_ name: Substring) -> Int { (sizes[name] ?? 0) << 10 }
    return (bytes("VmSize"), bytes("VmRSS"), bytes("VmHWM"))
  }

  /// Makes every allocation fail that would take the process beyond so many bytes of address space.
  ///
  /// macOS does not enforce such a limit, so nothing is done there.
  static func limitAddressSpace(to bytes: Int) {
    #if os(Linux)
    var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: rlim_t(bytes))
    #if canImport(Glibc)
    let result = setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #else
    let result = setrlimit(RLIMIT_AS, &limit)
    #endif
    precondition(result == 0, "the address space cannot be limited")
    #endif
  }
}
