package import Foundation

/// How a store is opened; the defaults are what every command uses.
package struct StoreOptions: Sendable {
  /// How long to wait for another process that is opening the same store.
  package var lockWait: TimeInterval = 10
  /// How long one event waits for another process that is writing.
  package var busyWait: TimeInterval = 10
  /// Files up to this many bytes are checked whole at each opening, which takes about a
  /// millisecond; larger ones only when ``checksWholeFile`` asks for it.
  package var freelyCheckedBytes = 2 << 20
  /// Checks the file whatever its size, so that any damage is found and moved aside now.
  package var checksWholeFile = false
  /// The most pages of 4,096 bytes the file may grow to; `nil` for no bound.
  package var mostPages: Int?
  /// The date that names a damaged store moved aside.
  package var now = Date()

  package init() {}
}
