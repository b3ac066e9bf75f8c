import Crypto
import Foundation
import Synchronization

/// Writes one piece's bytes to their place as they come, and digests them on the way.
final class PieceWriter: Sendable {
  private struct State {
    let file: FileHandle
    var hash = SHA256()
  }

  private let piece: PullPlan.Piece
  private let state: Mutex<State>

  /// - Parameters:
  ///   - file: A handle that nobody else uses.
  ///   - piece: Where the bytes are from and where they go.
  init(_ file: sending FileHandle, _ piece: PullPlan.Piece) {
    self.piece = piece
    self.state = Mutex(State(file: file))
  }

  /// Writes the bytes that follow those written before.
  ///
  /// - Parameters:
  ///   - bytes: Some bytes of the piece.
  ///   - offset: Where they are in the source.
  /// - Throws: If they cannot be written.
  func write(_ bytes: Data, at offset: Int) throws {
    let destination = piece.destination + offset - piece.range.lowerBound
    try state.withLock { state in
      try state.file.seek(toOffset: UInt64(destination))
      try state.file.write(contentsOf: bytes)
      state.hash.update(data: bytes)
    }
  }

  /// Returns the digest of what was written.
  func digest() -> String {
    state.withLock { ContentDigest.hexadecimal($0.hash.finalize()) }
  }
}
