import Testing
import _WorkbookTestSupport

/// The limits that the fuzzers rely on do end a process.
@Suite struct FuzzLimitsTests {
  #if os(Linux)
  @Test func `a process that takes more memory than it may is ended`() async {
    await #expect(processExitsWith: .failure) { FuzzProcess.takeMemory(megabytes: 300) }
    await #expect(processExitsWith: .success) { FuzzProcess.takeMemory(megabytes: 20) }
  }
  #endif
}
