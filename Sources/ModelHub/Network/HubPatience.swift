/// How often, and how long, to try to reach the hub.
package struct HubPatience: Sendable {
  /// How many failures in a row end a read; one that brought new bytes starts the count anew.
  package var failures = 5
  /// The seconds before the second try; doubled before each further one.
  package var firstPause = 0.5
  /// The most seconds that the hub may ask us to wait.
  package var longestWait = 120.0
  /// The seconds of silence after which an exchange fails.
  package var silence = 30.0
  /// Called instead of waiting so many seconds.
  package var pause: (@Sendable (Double) -> Void)?

  package init() {}
}
